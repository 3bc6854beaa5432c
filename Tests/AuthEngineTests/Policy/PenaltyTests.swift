import AuthEngine
import DovecotAuthProtocol
import Testing

@Suite("The penalty of addresses, on a connection")
struct PenaltyTests {
    private func auth(_ id: Int, _ more: String = "\trip=192.0.2.1", _ response: String = .alicePlain) -> String {
        "AUTH\t\(id)\tPLAIN\tservice=smtp\(more)\tresp=\(response)"
    }

    // printf '\0alice\0wrongN' | base64
    private static let wrongs = [
        "AGFsaWNlAHdyb25nMQ==", "AGFsaWNlAHdyb25nMg==", "AGFsaWNlAHdyb25nMw==", "AGFsaWNlAHdyb25nNA==",
        "AGFsaWNlAHdyb25nNQ==",
    ]

    private func failure(_ id: UInt32) -> ConnectionAction { .reply(.failure(RequestID(id), .init(user: "alice"))) }
    private func success(_ id: UInt32) -> ConnectionAction { .reply(.success(RequestID(id), user: "alice", fields: [])) }
    private func temporary(_ id: UInt32) -> ConnectionAction {
        .reply(.failure(RequestID(id), .init(user: nil, code: .temporaryFailure)))
    }

    /// How long it takes, in half seconds, until something is said.
    private func wait(_ connection: inout ConnectionUnderTest) -> (seconds: Double, action: ConnectionAction?) {
        for step in 0..<40 {
            if let action = connection.pass(step == 0 ? .zero : .milliseconds(500)).first { return (Double(step) / 2, action) }
        }
        return (20, nil)
    }

    private func connection(_ table: PenaltyTable, _ change: (inout ConnectionSettings) -> Void = { _ in }) throws -> ConnectionUnderTest {
        try ConnectionUnderTest {
            $0.penalties = table
            change(&$0)
        }
    }

    @Test("Wrong passwords are told later and later, but never later than eight seconds; the right one waits, too, and ends it")
    func steps() throws {
        var connection = try connection(PenaltyTable())
        var waits: [Double] = []
        for (index, wrong) in Self.wrongs.enumerated() {
            let check = connection.send(auth(index + 1, "\trip=192.0.2.1", wrong))
            #expect(connection.answer(check, .wrongPassword) == .nothing)
            let (seconds, action) = wait(&connection)
            #expect(action == failure(UInt32(index + 1)))
            waits.append(seconds)
        }
        #expect(waits == [2, 6, 7.5, 7.5, 7.5])
        let right = connection.send(auth(10))
        #expect(connection.answer(right, .success(user: "alice")) == .nothing)
        let told = wait(&connection)
        // 5.46 s, seen in steps of half a second.
        #expect(told.seconds == 5.5)
        #expect(told.action == success(10))
        let next = connection.send(auth(11))
        #expect(connection.answer(next, .success(user: "alice")) == success(11))
    }

    @Test("The penalty is one for all connections")
    func shared() throws {
        let table = PenaltyTable()
        var first = try connection(table)
        let check = first.send(auth(1))
        _ = first.answer(check, .wrongPassword)
        var second = try connection(table)
        let right = second.send(auth(1))
        #expect(second.answer(right, .success(user: "alice")) == .nothing)
        let told = wait(&second)
        #expect(told.seconds == 4)
        #expect(told.action == success(1))
        var neighbour = try connection(table)
        let other = neighbour.send(auth(1, "\trip=192.0.2.2"))
        #expect(neighbour.answer(other, .success(user: "alice")) == success(1))
    }

    @Test("Requests without an address share it with nobody, and no-penalty neither looks nor counts", arguments: [
        "", "\trip=", "\trip=unknown", "\trip=192.0.2.1\tno-penalty",
    ])
    func exempt(parameters: String) throws {
        let table = PenaltyTable()
        var connection = try connection(table)
        for id in 1...3 {
            let check = connection.send(auth(id, parameters))
            _ = connection.answer(check, .wrongPassword)
            let told = wait(&connection)
            #expect(told.seconds == 2)
        }
        // Somebody else's failure doesn't reach them either.
        let stranger = connection.send(auth(4))
        _ = connection.answer(stranger, .wrongPassword)
        let check = connection.send(auth(5, parameters))
        #expect(connection.answer(check, .success(user: "alice")) == success(5))
    }

    @Test("Without the setting nothing waits")
    func off() throws {
        var connection = try ConnectionUnderTest()
        for id in 1...3 {
            let check = connection.send(auth(id))
            _ = connection.answer(check, .wrongPassword)
            let told = wait(&connection)
            #expect(told.seconds == 2)
        }
    }

    @Test("Malformed exchanges count", arguments: [
        "resp=!!!", "resp=AAAA", "resp=AGFsaWNl", "resp=AABzZWNyZXQ=",
    ])
    func malformed(response: String) throws {
        var connection = try connection(PenaltyTable())
        if connection.send("AUTH\t1\tPLAIN\tservice=smtp\trip=192.0.2.1\t\(response)") == .nothing {
            _ = wait(&connection)
        }
        let right = connection.send(auth(2))
        #expect(connection.answer(right, .success(user: "alice")) == .nothing)
        let told = wait(&connection)
        #expect(told.action == success(2))
        #expect(told.seconds == 4)
    }

    @Test("A failure that is told at once (nodelay) doesn't count")
    func undelayed() throws {
        var connection = try connection(PenaltyTable())
        for id in 1...3 as ClosedRange<UInt32> {
            var verdict = LoginVerdict(.wrongPassword)
            verdict.isUndelayed = true
            #expect(connection.answer(connection.send(auth(Int(id))), verdict) == failure(id))
        }
    }

    @Test("The right password of a user who may not log in (nologin) is no guess: it waits, too, and ends the penalty")
    func nologin() throws {
        var connection = try connection(PenaltyTable())
        var kept = LoginVerdict(.success(user: "alice"))
        kept.fields = [Parameter("nologin")]
        var waits: [Double] = []
        for id in 1...3 as ClosedRange<UInt32> {
            #expect(connection.answer(connection.send(auth(Int(id))), kept) == .nothing)
            let (seconds, action) = wait(&connection)
            #expect(action == failure(id))
            waits.append(seconds)
        }
        #expect(waits == [2, 2, 2])
        _ = connection.answer(connection.send(auth(4, "\trip=192.0.2.1", Self.wrongs[0])), .wrongPassword)
        _ = wait(&connection)
        #expect(connection.answer(connection.send(auth(5)), kept) == .nothing)
        #expect(wait(&connection).seconds >= 4)
        let next = connection.send(auth(6))
        #expect(connection.answer(next, .success(user: "alice")) == success(6))
    }

    @Test("Internal failures don't count")
    func internalFailure() throws {
        var connection = try connection(PenaltyTable())
        let check = connection.send(auth(1))
        _ = connection.answer(check, .temporaryFailure)
        let right = connection.send(auth(2))
        #expect(connection.answer(right, .success(user: "alice")) == success(2))
    }

    @Test("Who guesses on a hundred connections at a time learns as much as on three, whether hashes are slow or not", arguments: [true, false])
    func parallel(isSlow: Bool) throws {
        let table = PenaltyTable()
        var connection = try connection(table)
        var checks: [ConnectionAction] = []
        var told: [ConnectionAction] = []
        for id in 1...100 {
            // printf '\0alice\0x%03d' | base64: four digits of it differ.
            let guess = String(String(id + 1000).suffix(3))
            let action = connection.send(auth(id, "\trip=192.0.2.1", "AGFsaWNlAHgw" + guess + "x"))
            if isSlow {
                if action == .nothing || action == temporary(UInt32(id)) { told.append(action) } else { checks.append(action) }
                _ = connection.machine.takeCheck()
            } else if case .check = action {
                let answer = connection.answer(action, .wrongPassword)
                if answer != .nothing { told.append(answer) }
            } else {
                told.append(action)
            }
        }
        for check in checks {
            guard case .check(let ticket) = check else { continue }
            let answer = connection.machine.checked(ticket, LoginVerdict(.wrongPassword), at: connection.now)
            if answer != .nothing { told.append(answer) }
        }
        told += connection.pass(.seconds(8))
        let verdicts = told.count { action in
            if case .reply(.failure(_, let failure)) = action { failure.code == nil } else { false }
        }
        #expect(told.count == 100)
        #expect((1...5).contains(verdicts))
    }

    @Test("A right guess among many at a time is not told at once either")
    func rightAmongMany() throws {
        var connection = try connection(PenaltyTable())
        var tickets: [CheckTicket] = []
        for id in 1...20 {
            guard case .check(let ticket) = connection.send(auth(id)) else { continue }
            _ = connection.machine.takeCheck()
            tickets.append(ticket)
        }
        #expect(tickets.count == 20)
        for ticket in tickets.dropLast() {
            _ = connection.machine.checked(ticket, LoginVerdict(.wrongPassword), at: connection.now)
        }
        _ = connection.machine.checked(
            tickets[19], LoginVerdict(.success(user: "alice")), at: connection.now)
        let actions = connection.pass(.milliseconds(3999))
        #expect(!actions.contains(success(20)))
    }

    @Test("One neighbour's typo delays nobody whose login was under way")
    func oneNeighbour() throws {
        var connection = try connection(PenaltyTable())
        let right = connection.send(auth(1))
        _ = connection.machine.takeCheck()
        let wrong = connection.send(auth(2, "\trip=192.0.2.1", Self.wrongs[0]))
        _ = connection.answer(wrong, .wrongPassword)
        #expect(connection.answer(right, .success(user: "alice")) == success(1))
    }

    @Test("In a dialogue only what may hold a guess waits, and the time that the user takes counts")
    func dialogue() throws {
        var connection = try connection(PenaltyTable())
        let wrong = connection.send(auth(1))
        _ = connection.answer(wrong, .wrongPassword)
        _ = wait(&connection)
        let username = connection.send("AUTH\t2\tLOGIN\tservice=smtp\trip=192.0.2.1")
        #expect(username == .reply(.challenge(2, Array("Username:".utf8))))
        let password = connection.send("CONT\t2\tYWxpY2U=")
        #expect(password == .reply(.challenge(2, Array("Password:".utf8))))
        _ = connection.pass(.seconds(3))
        let check = connection.send("CONT\t2\tc2VjcmV0")
        #expect(connection.answer(check, .success(user: "alice")) == .nothing)
        let told = wait(&connection)
        #expect(told.seconds == 1)
        #expect(told.action == success(2))
    }

    @Test("Waiting holds up no other login of the connection")
    func nobodyElse() throws {
        var connection = try connection(PenaltyTable())
        let wrong = connection.send(auth(1))
        _ = connection.answer(wrong, .wrongPassword)
        let right = connection.send(auth(2))
        _ = connection.answer(right, .success(user: "alice"))
        let other = connection.send(auth(3, "\trip=198.51.100.7"))
        #expect(connection.answer(other, .success(user: "alice")) == success(3))
    }

    @Test("A login that waits for its address can be cancelled")
    func cancelled() throws {
        var connection = try connection(PenaltyTable())
        let wrong = connection.send(auth(1))
        _ = connection.answer(wrong, .wrongPassword)
        let right = connection.send(auth(2))
        _ = connection.answer(right, .success(user: "alice"))
        #expect(connection.send("CANCEL\t2") == .nothing)
        let told = connection.pass(.seconds(8))
        #expect(told == [failure(1)])
    }
}
