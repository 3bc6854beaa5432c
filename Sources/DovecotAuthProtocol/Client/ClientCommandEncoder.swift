internal import Encodings
public import Secrets

/// Writes a client's lines, LF included; the caller wipes the bytes after they were sent.
public enum ClientCommandEncoder {
    /// `VERSION⇥1⇥2` and `CPID⇥…`, which belong together in one write.
    public static func handshake(_ version: ProtocolVersion, processID: UInt32, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: "VERSION\t\(version.major)\t\(version.minor)\nCPID\t\(processID)\n".utf8)
    }

    /// `AUTH⇥…`.
    ///
    /// - Parameter initialResponse: nil if there is none. An empty one is written as `resp=` alone, so the client's
    ///   VERSION must have said minor 2 or more.
    public static func authenticate(
        _ request: AuthenticationRequest, initialResponse: borrowing Secret?, into bytes: inout [UInt8]
    ) {
        bytes.append(contentsOf: "AUTH\t\(request.id)\t".utf8)
        TabEscaping.escape(request.mechanism, into: &bytes)
        for parameter in request.parameters {
            bytes.append(UInt8(ascii: "\t"))
            parameter.encode(into: &bytes, keepingEmptyValue: true)
        }
        switch initialResponse {
        case .some(let secret):
            bytes.append(contentsOf: "\tresp=".utf8)
            append(secret, to: &bytes)
        case .none: break
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// `CONT⇥id⇥…`.
    ///
    /// - Parameter channelBinding: what names this side's TLS connection, if the challenge asked for it; only for a
    ///   server that was told minor version 3 or more.
    public static func proceed(
        _ id: RequestID, response: borrowing Secret, channelBinding: [UInt8]? = nil, into bytes: inout [UInt8]
    ) {
        bytes.append(contentsOf: "CONT\t\(id)\t".utf8)
        append(response, to: &bytes)
        if let channelBinding {
            bytes.append(contentsOf: "\tchannel_binding=".utf8)
            Base64.encode(channelBinding.span, into: &bytes)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Makes room first: an array that grows leaves its old bytes behind, and nobody wipes them.
    private static func append(_ secret: borrowing Secret, to bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + (secret.count + 2) / 3 * 4 + 1)
        secret.withBytes { Base64.encode($0, into: &bytes) }
    }

    /// `CANCEL⇥id`.
    public static func cancel(_ id: RequestID, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: "CANCEL\t\(id)\n".utf8)
    }
}

extension AuthenticationRequest {
    /// All parameters but `resp=`, in the order in which Dovecot's own clients write them.
    var parameters: [Parameter] {
        var list = [Parameter("service", service)]
        func flag(_ flag: Flags, _ name: String) { if flags.contains(flag) { list.append(Parameter(name)) } }
        func value(_ value: (some CustomStringConvertible)?, _ name: String) {
            if let value { list.append(Parameter(name, value.description)) }
        }
        flag(.finalResponseOK, "final-resp-ok")
        if flags.contains(.tls) { list.append(Parameter("secured", "tls")) } else { flag(.secured, "secured") }
        flag(.noPenalty, "no-penalty")
        flag(.validClientCertificate, "valid-client-cert")
        flag(.noLogin, "nologin")
        flag(.debug, "debug")
        value(session, "session")
        value(certificateUsername, "cert_username")
        value(localAddress, "lip")
        value(remoteAddress, "rip")
        value(localPort, "lport")
        value(remotePort, "rport")
        value(realLocalAddress, "real_lip")
        value(realRemoteAddress, "real_rip")
        value(realLocalPort, "real_lport")
        value(realRemotePort, "real_rport")
        value(localName, "local_name")
        value(clientID, "client_id")
        value(forwardFields, "forward_fields")
        return list + tlsFingerprints + extraParameters
    }
}
