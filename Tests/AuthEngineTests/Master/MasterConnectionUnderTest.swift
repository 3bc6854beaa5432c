import AuthDatabases
import AuthEngine
import DovecotAuthProtocol

/// A machine, a clock, and databases that answer at once or when they are told to.
struct MasterConnectionUnderTest {
    var machine: MasterConnectionMachine
    var now = Instant(nanoseconds: 0)
    let logins = LoginRegistry()
    /// Nil to leave questions open.
    var users: ((UserQuery, [ExtraField]?) -> UserVerdict.Outcome?)
    var passwords: ((UserQuery) -> PasswordRecord?)
    var names: [MasterAnswer] = []
    var flushed = 0
    private(set) var open: [(ticket: MasterTicket, question: MasterQuestion)] = []
    private(set) var log: [String] = []

    init(
        _ kind: MasterConnectionSettings.Kind = .userdb, restrictedTo user: UInt32? = nil, process: UInt32? = nil,
        _ change: (inout MasterConnectionSettings) -> Void = { _ in }
    ) {
        var settings = MasterConnectionSettings(kind: kind, usernames: UsernamePolicy())
        settings.restrictedUserID = user
        settings.peerProcessID = process
        change(&settings)
        machine = MasterConnectionMachine(settings: settings, at: now)
        users = { query, prefetched in
            guard query.user == "alice" else { return .unknownUser }
            return .found(user: "alice", fields: (prefetched ?? []) + [ExtraField("uid", "1000"), ExtraField("home", "/a")])
        }
        passwords = { query in
            query.user == "alice" ? .found(user: "alice", fields: [ExtraField("host", "x")], userdbFields: nil) : .unknown
        }
    }

    /// What is sent in answer to a line, with `⇥` for TAB; `closed` at the end of the connection.
    mutating func say(_ line: String) -> [String] {
        let bytes = Array(line.replacing("⇥", with: "\t").utf8)
        return perform(machine.received(bytes.span, at: now))
    }

    mutating func greet() -> [String] { say("VERSION⇥1⇥1") }

    mutating func pass(_ time: Duration) -> [String] {
        now = now + time
        var lines: [String] = []
        while let action = machine.deadlinePassed(at: now) { lines += perform(action) }
        return lines
    }

    mutating func answer(_ answer: MasterAnswer) -> [String] {
        guard !open.isEmpty else { return [] }
        return perform(machine.answered(open.removeFirst().ticket, answer, at: now))
    }

    mutating func answerLate(_ ticket: MasterTicket, _ answer: MasterAnswer) -> [String] {
        perform(machine.answered(ticket, answer, at: now))
    }

    private mutating func perform(_ first: MasterAction) -> [String] {
        var lines: [String] = []
        var action = first
        while true {
            log += machine.takeLog().map(\.text)
            switch action {
            case .nothing: return lines
            case .close: return lines + ["closed"]
            case .reply(let reply):
                var bytes: [UInt8] = []
                reply.encode(into: &bytes)
                let text = String(decoding: bytes, as: UTF8.self).replacing("\t", with: "⇥")
                lines += text.split(separator: "\n").map(String.init)
                if case .names = reply, let ticket = open.last?.ticket {
                    action = machine.answered(ticket, nextNames(), at: now)
                    continue
                }
                return lines
            case .ask(let ticket, let question):
                guard let answer = answer(to: question) else {
                    open.append((ticket, question))
                    return lines
                }
                if case .names = question { open.append((ticket, question)) }
                action = machine.answered(ticket, answer, at: now)
            }
        }
    }

    private mutating func nextNames() -> MasterAnswer {
        names.isEmpty ? .namesEnd(hasFailed: false) : names.removeFirst()
    }

    private mutating func answer(to question: MasterQuestion) -> MasterAnswer? {
        switch question {
        case .user(let query, let prefetched): users(query, prefetched).map { .user(UserVerdict(outcome: $0)) }
        case .password(let query): passwords(query).map { .password($0) }
        case .names: names.isEmpty ? nil : nextNames()
        case .claim(let claim): .claim(logins.take(claim))
        case .flushCaches(let users): .flushed(users.isEmpty ? flushed : users.count)
        }
    }
}
