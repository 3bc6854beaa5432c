internal import Encodings

extension MasterCommand {
    /// Reads one line of a master or userdb peer, given without its LF; a CR at its end is tolerated.
    ///
    /// - Throws: ``MasterCommandFault``.
    public init(parsing line: Span<UInt8>) throws(MasterCommandFault) {
        var end = line.count
        if end > 0, line[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        let line = line.extracting(0..<end)
        var scanner = LineScanner()
        let name = scanner.next(in: line) ?? 0..<0
        let hasFields = name.upperBound < line.count
        if line.holds("VERSION", at: name) {
            guard let major = scanner.next(in: line), line.number(major, as: UInt32.self) == 1 else {
                throw .incompatibleVersion
            }
            self = .version
        } else if !hasFields {
            // Dovecot knows no command without a TAB behind it.
            throw .unknownCommand(line.text(name))
        } else if line.holds("USER", at: name) {
            self = .user(try Self.lookup("USER", line, &scanner))
        } else if line.holds("PASS", at: name) {
            self = .password(try Self.lookup("PASS", line, &scanner))
        } else if line.holds("LIST", at: name) {
            self = try Self.list(line, &scanner)
        } else if line.holds("REQUEST", at: name) {
            self = .claim(try Self.claim(line, &scanner))
        } else if line.holds("CACHE-FLUSH", at: name) {
            self = try Self.flush(line, &scanner)
        } else {
            throw .unknownCommand(line.text(name))
        }
    }

    private static func number(_ line: Span<UInt8>, _ scanner: inout LineScanner) -> UInt32? {
        scanner.next(in: line).flatMap { line.number($0, as: UInt32.self) }
    }

    private static func lookup(
        _ word: String, _ line: Span<UInt8>, _ scanner: inout LineScanner
    ) throws(MasterCommandFault) -> LookupRequest {
        guard let id = number(line, &scanner), let user = scanner.next(in: line) else { throw .broken(word) }
        var request = LookupRequest(id: id, user: line.unescapedText(user), service: "")
        var hasService = false
        while let field = scanner.next(in: line) {
            let (name, value) = line.nameAndValue(field)
            // Dovecot's head says protocol= where 2.3 says service=.
            if line.holds("service", at: name) || line.holds("protocol", at: name) {
                request.service = line.unescapedText(value)
                hasService = true
            } else {
                request.set(line, name, value)
            }
        }
        guard hasService else { throw .missingService(word) }
        return request
    }

    private static func list(
        _ line: Span<UInt8>, _ scanner: inout LineScanner
    ) throws(MasterCommandFault) -> MasterCommand {
        guard let id = number(line, &scanner) else { throw .broken("LIST") }
        var mask = ""
        while let field = scanner.next(in: line) {
            let (name, value) = line.nameAndValue(field)
            if line.holds("user", at: name) { mask = line.unescapedText(value) }
        }
        return .list(id: id, mask: mask)
    }

    private static func claim(
        _ line: Span<UInt8>, _ scanner: inout LineScanner
    ) throws(MasterCommandFault) -> LoginClaim {
        guard
            let id = number(line, &scanner), let process = number(line, &scanner),
            let request = number(line, &scanner), let cookie = scanner.next(in: line), line.isHexadecimal(cookie)
        else { throw .broken("REQUEST") }
        var claim = LoginClaim(
            id: id, clientProcessID: process, clientRequest: request, cookie: .init(hexadecimal: line, at: cookie))
        while let field = scanner.next(in: line) {
            let (name, value) = line.nameAndValue(field)
            if line.holds("session_pid", at: name) { claim.sessionProcessID = line.number(value, as: UInt32.self) }
        }
        return claim
    }

    private static func flush(
        _ line: Span<UInt8>, _ scanner: inout LineScanner
    ) throws(MasterCommandFault) -> MasterCommand {
        guard let id = scanner.next(in: line), !id.isEmpty else { throw .broken("CACHE-FLUSH") }
        var users: [String] = []
        while let field = scanner.next(in: line) { users.append(line.unescapedText(field)) }
        return .flushCache(id: line.unescapedText(id), users: users)
    }
}

extension LookupRequest {
    /// Takes one parameter; one that is not known, or an address or port that is none, is ignored, as in Dovecot.
    fileprivate mutating func set(_ line: Span<UInt8>, _ name: Range<Int>, _ value: Range<Int>) {
        if line.holds("rip", at: name) {
            remoteAddress = line.address(value) ?? remoteAddress
        } else if line.holds("lip", at: name) {
            localAddress = line.address(value) ?? localAddress
        } else if line.holds("rport", at: name) {
            remotePort = line.number(value, as: UInt16.self) ?? remotePort
        } else if line.holds("lport", at: name) {
            localPort = line.number(value, as: UInt16.self) ?? localPort
        } else if line.holds("real_rip", at: name) {
            realRemoteAddress = line.address(value) ?? realRemoteAddress
        } else if line.holds("session", at: name) {
            session = line.unescapedText(value)
        } else if line.holds("debug", at: name) {
            isDebugged = true
        }
    }
}

extension ServerGreeting.Cookie {
    /// The cookie that 32 hexadecimal digits stand for; nil for another number of digits.
    fileprivate init?(hexadecimal line: Span<UInt8>, at range: Range<Int>) {
        guard range.count == 32 else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        for index in range {
            guard let digit = line.hexadecimalDigit(at: index) else { return nil }
            halves = (halves.0 << 4 | halves.1 >> 60, halves.1 << 4 | UInt64(digit))
        }
        self.init(high: halves.0, low: halves.1)
    }
}

extension Span<UInt8> {
    /// `name=value`, or a name alone, whose value is empty.
    fileprivate func nameAndValue(_ field: Range<Int>) -> (Range<Int>, Range<Int>) {
        let end = firstIndex(of: UInt8(ascii: "="), in: field) ?? field.upperBound
        return (field.lowerBound..<end, Swift.min(end + 1, field.upperBound)..<field.upperBound)
    }

    /// Whole bytes in hexadecimal, possibly none.
    fileprivate func isHexadecimal(_ range: Range<Int>) -> Bool {
        range.count.isMultiple(of: 2) && range.allSatisfy { hexadecimalDigit(at: $0) != nil }
    }

    fileprivate func hexadecimalDigit(at index: Int) -> UInt8? {
        switch self[index] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self[index] - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self[index] - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self[index] - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
