import AuthDatabases
import DovecotAuthProtocol

@testable import AuthEngine

/// One peer of a master or userdb socket: as many answers as questions, no word after the end, nothing left over when
/// all time has passed.
///
/// Lines go to the machine as they are, but for those that begin with `!`: what happens on this side.
enum MasterConnectionTarget {
    static func run(_ input: Span<UInt8>) throws(BrokenRule) {
        let (choices, rest) = input.choices
        var peer = Peer(choices)
        for line in rest.lines {
            switch line.text {
            case "!found": try peer.answer(found)
            case "!unknown": try peer.answer(unknown)
            case "!failed": try peer.answer(failed)
            case "!strange": try peer.answer { _ in .flushed(1) }
            case "!minute": try peer.pass(.seconds(60))
            case "!long": try peer.perform { machine, _ in machine.receivedTooLongLine() }
            case "!eof": peer.machine.inputEnded()
            case "!gone":
                peer.machine.peerClosed()
                peer.isClosed = true
            default:
                guard peer.machine.wantsInput else { break }
                try peer.hear(line)
            }
        }
        try peer.pass(.seconds(1_000_000))
        try demand(peer.isClosed || peer.machine.nextDeadline == nil, "a deadline that never passes")
    }

    // MARK: Answers

    private static func found(_ question: MasterQuestion) -> MasterAnswer {
        let fields = [ExtraField("home", "/home/a\tb"), ExtraField("nodelay")]
        switch question {
        case .user(let query, _):
            // A restricted peer may see the first, not the second, and nobody who has none.
            let uid = [ExtraField("uid", "1000"), ExtraField("uid", "1001"), nil][query.user.utf8.count % 3]
            return .user(UserVerdict(outcome: .found(user: query.user, fields: fields + [uid].compactMap { $0 })))
        case .password(let query):
            return .password(.found(user: query.user, fields: fields, userdbFields: nil))
        case .names:
            // More may follow.
            return .names(["alice", "bob@example.com", "a\nb", ""])
        case .claim(let claim):
            var query = UserQuery(user: FuzzAccount.user)
            if claim.clientRequest & 1 != 0 { query.originalUser = "Alice" }
            if claim.clientRequest & 2 != 0 { query.masterUser = "boss" }
            return .claim(.login(WaitingLogin(query: query, isAnonymous: claim.clientRequest & 4 != 0)))
        case .flushCaches(let users):
            return .flushed(users.count)
        }
    }

    private static func unknown(_ question: MasterQuestion) -> MasterAnswer {
        switch question {
        case .user: .user(UserVerdict(outcome: .unknownUser))
        case .password: .password(.unknown)
        case .names: .namesEnd(hasFailed: false)
        case .claim: .claim(.unknownLogin)
        case .flushCaches: .flushed(0)
        }
    }

    private static func failed(_ question: MasterQuestion) -> MasterAnswer {
        switch question {
        case .user: .user(UserVerdict(outcome: .failed(reason: "locked\r\nout")))
        case .password: .password(.unavailable)
        case .names: .namesEnd(hasFailed: true)
        case .claim: .claim(.wrongCookie)
        case .flushCaches: .flushed(0)
        }
    }

    // MARK: The peer

    private struct Peer {
        var machine: MasterConnectionMachine
        var now = Instant(nanoseconds: 1_000_000_000)
        var isClosed = false
        private var isGreeted = false
        private var questions: [(ticket: MasterTicket, question: MasterQuestion)] = []
        /// Commands that were neither answered nor ended the connection.
        private var owed = 0

        init(_ choices: UInt8) {
            var settings = MasterConnectionSettings(kind: choices & 1 != 0 ? .master : .userdb, usernames: UsernamePolicy())
            settings.restrictedUserID = choices & 2 != 0 ? 1000 : nil
            settings.peerProcessID = choices & 4 != 0 ? 7 : nil
            settings.isVerbose = choices & 8 != 0
            settings.maximumLookupsInFlight = 4
            machine = MasterConnectionMachine(settings: settings, at: now)
        }

        mutating func hear(_ line: ArraySlice<UInt8>) throws(BrokenRule) {
            // The first line is VERSION, or the last.
            if isGreeted, !isClosed { owed += 1 }
            isGreeted = true
            let bytes = Array(line)
            try perform { machine, now in machine.received(bytes.span, at: now) }
        }

        mutating func answer(_ answer: (MasterQuestion) -> MasterAnswer) throws(BrokenRule) {
            guard let (ticket, question) = questions.first else { return }
            let answer = answer(question)
            if case .names = answer {} else { questions.removeFirst() }
            try perform { machine, now in machine.answered(ticket, answer, at: now) }
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
            _ event: (inout MasterConnectionMachine, Instant) -> MasterAction
        ) throws(BrokenRule) {
            switch event(&machine, now) {
            case .nothing: break
            case .reply(let reply):
                try demand(!isClosed, "a reply after the end")
                if case .names = reply {} else { owed -= 1 }
                var lines: [UInt8] = []
                reply.encode(into: &lines)
                try demand(lines.isEmpty || lines.last == UInt8(ascii: "\n"), "a reply without its line's end")
                for line in lines.split(separator: UInt8(ascii: "\n")) {
                    try demand(!line.contains(0) && !line.contains(0x0D), "a reply that no peer can read: \(line.text)")
                }
            case .ask(let ticket, let question):
                try demand(!isClosed, "a question after the end")
                questions.append((ticket, question))
            case .close: isClosed = true
            }
            for line in machine.takeLog() {
                try demand(!line.text.utf8.contains { $0 < 0x20 || $0 == 0x7f }, "a log line with control characters: \(line)")
            }
            for ticket in machine.takeAbandoned() { questions.removeAll { $0.ticket == ticket } }
            try demand(isClosed || owed == machine.lookups.count, "\(owed) commands wait for \(machine.lookups.count) answers")
        }
    }
}
