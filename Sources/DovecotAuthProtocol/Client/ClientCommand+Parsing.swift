internal import Encodings
internal import Secrets

extension ClientCommand {
    /// Reads one line of a client, given without its LF; a CR at its end is tolerated.
    ///
    /// - Parameters:
    ///   - line: the bytes; the caller wipes them afterwards, since they may hold a password.
    ///   - minorVersion: what the client said in VERSION: below 2 an empty `resp=` means that there is none.
    /// - Throws: ``ClientCommandFault``.
    public init(parsing line: Span<UInt8>, minorVersion: UInt32) throws(ClientCommandFault) {
        var end = line.count
        if end > 0, line[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        let line = line.extracting(0..<end)
        var scanner = LineScanner()
        let name = scanner.next(in: line) ?? 0..<0
        if line.holds("AUTH", at: name) {
            self = try Self.authenticate(line, &scanner, minorVersion)
        } else if line.holds("CONT", at: name) {
            self = try Self.proceed(line, &scanner, minorVersion)
        } else if line.holds("CANCEL", at: name) {
            guard let id = Self.requestID(line, &scanner), scanner.next(in: line) == nil else {
                throw .unreadable(.brokenCancel)
            }
            self = .cancel(id)
        } else if line.holds("VERSION", at: name) {
            guard
                let major = scanner.next(in: line), let major = line.number(major, as: UInt32.self),
                let minor = scanner.next(in: line), let minor = line.number(minor, as: UInt32.self),
                scanner.next(in: line) == nil
            else { throw .unreadable(.brokenVersion) }
            self = .version(ProtocolVersion(major: major, minor: minor))
        } else if line.holds("CPID", at: name) {
            guard
                let number = scanner.next(in: line), let number = line.number(number, as: UInt64.self), number > 0
            else { throw .unreadable(.brokenProcessID) }
            self = .processID(number)
        } else {
            throw .unreadable(.unknownCommand(line.text(name)))
        }
    }

    private static func requestID(_ line: Span<UInt8>, _ scanner: inout LineScanner) -> RequestID? {
        guard let field = scanner.next(in: line), let number = line.number(field, as: UInt32.self), number > 0 else {
            return nil
        }
        return RequestID(number)
    }

    private static func proceed(
        _ line: Span<UInt8>, _ scanner: inout LineScanner, _ minorVersion: UInt32
    ) throws(ClientCommandFault) -> ClientCommand {
        guard let id = requestID(line, &scanner) else { throw .unreadable(.brokenContinuation) }
        guard var data = scanner.next(in: line) else { throw .refused(id, .missingContinuationData) }
        // Only protocol 1.3 knows fields behind the data; before, all of it is base64, where a TAB is a blank.
        let hasFields = minorVersion >= ProtocolVersion.channelBindingMinor
        if !hasFields { data = data.lowerBound..<line.count }
        let binding = hasFields ? channelBinding(line, &scanner) : nil
        // Prosody sends a lone "=" for an empty response.
        if line.holds("=", at: data) {
            return .proceed(id, Secret(copying: line.extracting(0..<0)), channelBinding: binding)
        }
        // Dovecot 2.4 unescapes these fields as it does those of AUTH, 2.3 doesn't.
        let response = hasFields ? decode(line, data) : Base64.decode(line.extracting(data))
        return .proceed(id, response, channelBinding: binding)
    }

    /// The first `channel_binding=` of the fields that are left; others are ignored, as in Dovecot.
    private static func channelBinding(_ line: Span<UInt8>, _ scanner: inout LineScanner) -> [UInt8]? {
        while let field = scanner.next(in: line) {
            guard let nameEnd = line.firstIndex(of: UInt8(ascii: "="), in: field),
                line.holds("channel_binding", at: field.lowerBound..<nameEnd)
            else { continue }
            guard let data = decode(line, nameEnd + 1..<field.upperBound) else { return [] }
            return data.withBytes { data in data.indices.map { data[$0] } }
        }
        return nil
    }

    private static func authenticate(
        _ line: Span<UInt8>, _ scanner: inout LineScanner, _ minorVersion: UInt32
    ) throws(ClientCommandFault) -> ClientCommand {
        guard let id = requestID(line, &scanner) else { throw .unreadable(.brokenAuth) }
        // A lone mark of an escape is nothing, too.
        let mechanism = line.unescapedText(scanner.next(in: line) ?? 0..<0)
        guard !mechanism.isEmpty else { throw .refused(id, .missingMechanism) }
        var response: Range<Int>?
        let request = try parameters(
            line, &scanner, AuthenticationRequest(id: id, mechanism: mechanism, service: ""), &response)
        let initialResponse = initialResponse(line, response, minorVersion)
        return .authenticate(consume request, initialResponse)
    }

    /// Adds all parameters to a request, but `resp=`, of which it says where it is.
    private static func parameters(
        _ line: Span<UInt8>, _ scanner: inout LineScanner, _ request: consuming AuthenticationRequest,
        _ response: inout Range<Int>?
    ) throws(ClientCommandFault) -> AuthenticationRequest {
        var hasService = false
        while let field = scanner.next(in: line) {
            guard response == nil else { throw .refused(request.id, .parametersAfterResponse) }
            let nameEnd = line.firstIndex(of: UInt8(ascii: "="), in: field) ?? field.upperBound
            let name = field.lowerBound..<nameEnd
            let value = min(nameEnd + 1, field.upperBound)..<field.upperBound
            if line.holds("resp", at: name) {
                response = value
            } else if line.holds("service", at: name) || line.holds("protocol", at: name) {
                request.service = line.unescapedText(value)
                hasService = true
            } else {
                request.set(line, name, value)
            }
        }
        guard hasService else { throw .refused(request.id, .missingService) }
        return consume request
    }

    /// The four forms of `resp=`; see `auth-request-handler.c` of Dovecot 2.3 for why "" depends on the version.
    private static func initialResponse(
        _ line: Span<UInt8>, _ field: Range<Int>?, _ minorVersion: UInt32
    ) -> InitialResponse {
        guard let field else { return .absent }
        if field.isEmpty, minorVersion < 2 { return .absent }
        if field.isEmpty || line.holds("=", at: field) { return .given(Secret(copying: line.extracting(0..<0))) }
        guard let bytes = decode(line, field) else { return .malformed }
        return .given(bytes)
    }

    /// Dovecot unescapes every parameter, this one too; an escape can stand for a blank or for a digit.
    private static func decode(_ line: Span<UInt8>, _ field: Range<Int>) -> Secret? {
        guard line.firstIndex(of: TabEscaping.mark, in: field) != nil else {
            return Base64.decode(line.extracting(field))
        }
        var text = TabEscaping.unescape(line.extracting(field))
        defer { wipe(&text) }
        return Base64.decode(text.span)
    }
}

extension AuthenticationRequest {
    /// Takes one parameter; a name that is not known or an address or port that is none is ignored, as in Dovecot.
    fileprivate mutating func set(_ line: Span<UInt8>, _ name: Range<Int>, _ value: Range<Int>) {
        if line.holds("rip", at: name) {
            remoteAddress = line.address(value) ?? remoteAddress
        } else if line.holds("lip", at: name) {
            localAddress = line.address(value) ?? localAddress
        } else if line.holds("secured", at: name) {
            flags.insert(.secured)
            if line.holds("tls", at: value) { flags.insert(.tls) }
        } else if line.holds("nologin", at: name) {
            flags.insert(.noLogin)
        } else if line.holds("no-penalty", at: name) {
            flags.insert(.noPenalty)
        } else if line.holds("final-resp-ok", at: name) {
            flags.insert(.finalResponseOK)
        } else if line.holds("valid-client-cert", at: name) {
            flags.insert(.validClientCertificate)
        } else if line.holds("debug", at: name) {
            flags.insert(.debug)
        } else if line.holds("rport", at: name) {
            remotePort = line.number(value, as: UInt16.self) ?? remotePort
        } else if line.holds("lport", at: name) {
            localPort = line.number(value, as: UInt16.self) ?? localPort
        } else if line.holds("session", at: name) {
            session = line.unescapedText(value)
        } else {
            setRare(line, name, value)
        }
    }

    private mutating func setRare(_ line: Span<UInt8>, _ name: Range<Int>, _ value: Range<Int>) {
        if line.holds("real_rip", at: name) {
            realRemoteAddress = line.address(value) ?? realRemoteAddress
        } else if line.holds("real_lip", at: name) {
            realLocalAddress = line.address(value) ?? realLocalAddress
        } else if line.holds("real_rport", at: name) {
            realRemotePort = line.number(value, as: UInt16.self) ?? realRemotePort
        } else if line.holds("real_lport", at: name) {
            realLocalPort = line.number(value, as: UInt16.self) ?? realLocalPort
        } else if line.holds("local_name", at: name) {
            localName = line.unescapedText(value)
        } else if line.holds("client_id", at: name) {
            clientID = line.unescapedText(value)
        } else if line.holds("forward_fields", at: name) {
            forwardFields = line.unescapedText(value)
        } else if line.holds("cert_username", at: name) {
            certificateUsername = line.unescapedText(value)
        } else if line.holds("ssl_ja3_hash", at: name) || line.holds("ssl_client_cert_fp", at: name)
            || line.holds("ssl_client_cert_pubkey_fp", at: name)
        {
            tlsFingerprints.append(Parameter(line.text(name), line.unescapedText(value)))
        }
    }
}

extension Span<UInt8> {
    /// The text in `range` if its letters could be those of an IPv4 or IPv6 address, with or without a zone.
    ///
    /// It ends up in log lines that fail2ban reads, so nothing else may stand there.
    package func address(_ range: Range<Int>) -> String? {
        guard (2...64).contains(range.count) else { return nil }
        var zone = false
        for index in range {
            switch self[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "."), UInt8(ascii: ":"):
                continue
            case UInt8(ascii: "%") where index > range.lowerBound:
                zone = true
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                if !zone { return nil }
            default:
                return nil
            }
        }
        return text(range)
    }
}
