import AuthDatabases
import DovecotAuthProtocol
import SASLMechanisms
import Secrets

@testable import AuthEngine

/// One connection with all mechanisms, from its first line to its end: never two verdicts for one request, never a word
/// after the end, nothing left over when all time has passed.
///
/// Lines go to the machine as they are, but for those that begin with `!`: what happens on this side.
enum ConnectionTarget {
    static func run(_ input: Span<UInt8>) throws(BrokenRule) {
        let (choices, rest) = input.choices
        var connection = Connection(choices)
        for line in rest.lines {
            switch line.text {
            case "!yes": try connection.answer(.success(user: FuzzAccount.user), knowsUser: true)
            case "!later": try connection.answer(.success(user: FuzzAccount.user), knowsUser: true, heldBackFor: .seconds(3))
            case "!no": try connection.answer(.failure(code: nil, reason: nil), knowsUser: false)
            case "!disabled": try connection.answer(.failure(code: .userDisabled, reason: "locked"), knowsUser: false)
            case "!broken": try connection.answer(.temporaryFailure, knowsUser: false)
            case "!second": try connection.pass(.seconds(1))
            case "!minutes": try connection.pass(.seconds(200))
            case "!long": try connection.perform { machine, _ in machine.receivedTooLongLine() }
            case "!drain": connection.machine.drain()
            case "!eof": connection.machine.inputEnded()
            case "!gone":
                connection.machine.peerClosed()
                connection.isClosed = true
            default:
                guard connection.machine.wantsInput else { break }
                try connection.hear(line)
            }
        }
        try connection.end()
    }

    /// What is not SMTP has settings of its own: master users, and names that are changed in every way there is.
    private static let protocols: ProtocolTable<LoginSettings?> = {
        let usernames = UsernamePolicy(
            characters: "", translation: "%@#*", defaultRealm: "example.com", format: .user, masterUserSeparator: "*")
        var settings = LoginSettings(
            usernames: usernames, hasMasters: true, failureDelay: .seconds(1), isVerbose: true)
        settings.realms = ["example.com", "a b\"c"]
        settings.anonymousUser = nil
        return ProtocolTable(nil, own: ["!smtp": settings])
    }()

    private struct Connection: ~Copyable {
        var machine: ConnectionMachine
        var now = Instant(nanoseconds: 1_000_000_000)
        var isClosed = false
        private var questions: [(ticket: CheckTicket, kind: CredentialKind?)] = []
        /// How many verdicts each id may still get: one for each line that named it.
        private var owed: [RequestID: Int] = [:]

        init(_ choices: UInt8) {
            var settings = ConnectionSettings(mechanisms: .known, usernames: UsernamePolicy()) {
                .steady(certificateUser: FuzzAccount.user)
            }
            settings.maximumRequestsInFlight = 4
            settings.isVerbose = choices & 1 != 0
            settings.takesCertificateName = choices & 2 != 0
            settings.requiresClientCertificate = choices & 4 != 0
            settings.temporaryFailure = [.automatic, .close, .reply, .automatic][Int(choices >> 3) & 3]
            settings.failureDelay = choices & 32 != 0 ? .zero : .seconds(2)
            settings.penalties = choices & 64 != 0 ? PenaltyTable(capacity: 4) : nil
            settings.greeting = choices & 128 != 0 ? .afterVersion : .atConnect
            settings.chance = { 4 }
            settings.protocols = ConnectionTarget.protocols
            machine = ConnectionMachine(settings: SharedConnectionSettings(settings), at: now)
        }

        mutating func hear(_ line: ArraySlice<UInt8>) throws(BrokenRule) {
            let bytes = Array(line)
            if let id = Self.id(in: bytes) { owed[id, default: 0] += 1 }
            try perform { machine, now in machine.received(bytes.span, at: now) }
        }

        /// The id that a line names, read by another parser than ours.
        private static func id(in line: [UInt8]) -> RequestID? {
            let fields = line.split(separator: 9, omittingEmptySubsequences: false)
            guard fields.count > 1, fields[0].text == "AUTH" || fields[0].text == "CONT" else { return nil }
            var field = fields[1]
            if fields.count == 2, field.last == UInt8(ascii: "\r") { field.removeLast() }
            return UInt32(field.text).map { RequestID($0) }
        }

        mutating func answer(
            _ outcome: LoginVerdict.Outcome, knowsUser: Bool, heldBackFor: Duration? = nil
        ) throws(BrokenRule) {
            guard let question = questions.first else { return }
            questions.removeFirst()
            var verdict = LoginVerdict(outcome)
            verdict.heldBackFor = heldBackFor
            if knowsUser { verdict.credential = question.kind.flatMap(FuzzAccount.credential) }
            try perform { machine, now in machine.checked(question.ticket, verdict, at: now) }
        }

        mutating func pass(_ duration: Duration) throws(BrokenRule) {
            now = now + duration
            var steps = 0
            while let action = machine.deadlinePassed(at: now) {
                try perform { _, _ in action }
                steps += 1
                try demand(steps < 1000, "a deadline that passes for ever")
            }
        }

        mutating func perform(
            _ event: (inout ConnectionMachine, Instant) -> ConnectionAction
        ) throws(BrokenRule) {
            let action = event(&machine, now)
            switch action {
            case .nothing: break
            case .reply(let reply):
                try demand(!isClosed, "a reply after the end")
                // CANCELLED is said to every CANCEL, and no verdict.
                if case .cancelled = reply {
                } else if reply.isFinal {
                    try demand(owed[reply.id, default: 0] > 0, "a verdict that nobody waits for")
                    owed[reply.id, default: 0] -= 1
                }
                var line: [UInt8] = []
                reply.encode(into: &line)
                guard (try? ServerLine(parsing: Array(line.dropLast()).span)) != nil else {
                    throw BrokenRule("a reply that no client can read: \(line.text)")
                }
            case .check(let ticket):
                try demand(!isClosed, "a question after the end")
                guard let check = machine.takeCheck() else { throw BrokenRule("a question that is not there") }
                try demand(check.ticket == ticket, "another question")
                questions.append((ticket, check.credentialKind))
            case .greet: try demand(!isClosed, "a greeting after the end")
            case .close: isClosed = true
            }
            for line in machine.takeLog() {
                try demand(!line.text.utf8.contains { $0 < 0x20 || $0 == 0x7f }, "a log line with control characters: \(line)")
            }
            for ticket in machine.takeAbandoned() { questions.removeAll { $0.ticket == ticket } }
        }

        /// All questions are given up, all time passes: nothing may be left.
        mutating func end() throws(BrokenRule) {
            try pass(.seconds(1_000_000))
            try pass(.seconds(1_000_000))
            try demand(machine.openRequests == 0, "requests that never end")
            try demand(machine.wantsInput, "a connection that never reads again")
        }
    }
}
