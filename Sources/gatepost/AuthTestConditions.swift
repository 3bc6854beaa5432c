internal import DovecotAuthProtocol

/// The `-x NAME=VALUE` conditions of `auth test`: what else the server is told about the login.
struct AuthTestConditions {
    struct Invalid: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    /// doveadm calls its service "doveadm".
    private(set) var service = "doveadm"
    private var request = AuthenticationRequest(id: 1, mechanism: "", service: "")

    /// Takes one condition; names that the protocol has no field for are passed on as they are, as doveadm does.
    mutating func add(_ condition: String) throws(Invalid) {
        let parts = condition.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let value = parts.count == 2 ? String(parts[1]) : nil
        guard !name.isEmpty else { throw Invalid(description: "-x needs NAME=VALUE, such as -x service=smtp") }
        switch name {
        case "service": service = value ?? ""
        case "session": request.session = value
        case "local_name": request.localName = value
        case "client_id": request.clientID = value
        case "lip": request.localAddress = try address(name, value)
        case "rip": request.remoteAddress = try address(name, value)
        case "real_lip": request.realLocalAddress = try address(name, value)
        case "real_rip": request.realRemoteAddress = try address(name, value)
        case "lport": request.localPort = try port(name, value)
        case "rport": request.remotePort = try port(name, value)
        case "real_lport": request.realLocalPort = try port(name, value)
        case "real_rport": request.realRemotePort = try port(name, value)
        case "resp":
            throw Invalid(description: "-x resp=… is what the mechanism says; leave it out")
        default: request.extraParameters.append(Parameter(name, value))
        }
    }

    /// Sets them in a request that is about to be sent.
    func apply(to target: inout AuthenticationRequest) {
        var request = request
        request.id = target.id
        request.mechanism = target.mechanism
        request.flags.formUnion(target.flags)
        request.service = target.service
        target = request
    }

    private func address(_ name: String, _ value: String?) throws(Invalid) -> String {
        guard let value, (2...64).contains(value.utf8.count),
            value.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }),
            value.utf8.allSatisfy({ Self.addressLetters.contains($0) })
        else { throw Invalid(description: "\(name): Invalid ip \"\(value ?? "")\"") }
        return value
    }

    private static let addressLetters = Set("0123456789abcdefABCDEF.:".utf8)

    private func port(_ name: String, _ value: String?) throws(Invalid) -> UInt16 {
        guard let value, let port = UInt16(value), port > 0 else {
            throw Invalid(description: "\(name): Invalid port number \"\(value ?? "")\"")
        }
        return port
    }
}
