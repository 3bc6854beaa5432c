internal import DovecotAuthProtocol

/// Checks a greeting line by line, as strictly as the strictest client: Dovecot's own library, Postfix and Exim.
struct GreetingCheck {
    enum Verdict: Equatable {
        case more
        case complete
        /// What should have come instead.
        case wrong(expected: String)
    }

    private var missing: Set<String>
    private var hasVersion = false
    private var offersAny = false
    private var seen: Set<String> = []
    private var size = 0

    init(mechanisms: [String]) { missing = Set(mechanisms) }

    mutating func next(_ line: [UInt8]) -> Verdict {
        size += line.count + 1
        // Radicale takes a single recv(1024).
        guard size <= ProtocolLimits.longestGreeting else {
            return .wrong(expected: "a greeting of at most \(ProtocolLimits.longestGreeting) bytes")
        }
        guard let parsed = try? ServerLine(parsing: line.span) else { return .wrong(expected: "a line of a greeting") }
        guard hasVersion else {
            hasVersion = true
            if case .version(let version) = parsed, version.major == 1 { return .more }
            return .wrong(expected: "VERSION⇥1⇥{number}")
        }
        switch parsed {
        case .mechanism(let mechanism):
            offersAny = true
            missing.remove(mechanism.name)
            return .more
        case .serverProcessID:
            guard offersAny else { return .wrong(expected: "MECH⇥{any}, which has to come before SPID") }
            return once("SPID")
        case .connectionID: return once("CUID")
        case .cookie: return once("COOKIE")
        case .done:
            if let name = missing.min() { return .wrong(expected: "MECH⇥\(name)⇥{any}") }
            if let word = ["SPID", "CUID", "COOKIE"].first(where: { !seen.contains($0) }) {
                return .wrong(expected: "\(word)⇥{any}")
            }
            return line == Array("DONE".utf8) ? .complete : .wrong(expected: "DONE")
        case .version, .reply, .unknown: return .wrong(expected: "MECH, SPID, CUID, COOKIE or DONE")
        }
    }

    private mutating func once(_ word: String) -> Verdict {
        seen.insert(word).inserted ? .more : .wrong(expected: "one \(word) only")
    }
}
