import AuthEngine
import DovecotAuthProtocol
import Testing

@Suite("Requests of a connection")
struct RequestTests {
    @Test("The right password is answered with OK at once, user first")
    func success() throws {
        var connection = try ConnectionUnderTest()
        let check = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        var verdict = LoginVerdict(.success(user: "alice"))
        verdict.fields = [Parameter("a", "b")]
        let reply = connection.answer(check, verdict)
        #expect(reply == .reply(.success(1, user: "alice", fields: [Parameter("a", "b")])))
        let openRequests1 = connection.machine.openRequests
        #expect(openRequests1 == 0)
    }

    @Test("A name that was changed on the way is told with the name as it was given")
    func originalUser() throws {
        var connection = try ConnectionUnderTest()
        // printf '\0Alice\0secret' | base64
        let check = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=AEFsaWNlAHNlY3JldA==")
        let reply = connection.answer(check, .success(user: "alice"))
        #expect(reply == .reply(.success(1, user: "alice", fields: [Parameter("original_user", "Alice")])))
    }

    @Test("A wrong password is told two seconds after it came, however long the check took")
    func failureDelay() throws {
        var connection = try ConnectionUnderTest()
        let check = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        let during = connection.pass(.milliseconds(700))
        #expect(during.isEmpty)
        let atOnce = connection.answer(check, .wrongPassword)
        #expect(atOnce == .nothing)
        let early = connection.pass(.milliseconds(1299))
        #expect(early.isEmpty)
        let late = connection.pass(.milliseconds(1))
        #expect(late == [.reply(.failure(1, .init(user: "alice")))])
    }

    @Test("A check that took longer than the delay is told at once")
    func slowCheck() throws {
        var connection = try ConnectionUnderTest()
        let check = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        _ = connection.pass(.seconds(3))
        let reply = connection.answer(check, .wrongPassword)
        #expect(reply == .reply(.failure(1, .init(user: "alice"))))
    }

    @Test("A delayed failure holds up nobody else's reply")
    func delayIsPrivate() throws {
        var connection = try ConnectionUnderTest()
        let first = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        _ = connection.answer(first, .wrongPassword)
        let second = connection.send("AUTH\t2\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        let reply = connection.answer(second, .success(user: "alice"))
        #expect(reply == .reply(.success(2, user: "alice", fields: [])))
    }

    @Test("Requests are answered as they finish, not as they came")
    func outOfOrder() throws {
        var connection = try ConnectionUnderTest()
        let first = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        _ = connection.machine.takeCheck()
        let second = connection.send("AUTH\t2\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        let secondReply = connection.answer(second, .success(user: "alice"))
        #expect(secondReply == .reply(.success(2, user: "alice", fields: [])))
        let firstReply = connection.answer(first, .success(user: "alice"))
        #expect(firstReply == .reply(.success(1, user: "alice", fields: [])))
    }

    @Test(
        "Who fails to prove a password by a challenge learns nothing of what the databases say",
        arguments: [
            LoginVerdict.Outcome.success(user: "bob"), .failure(code: nil, reason: nil),
            .failure(code: .authorizationFailure, reason: nil), .failure(code: .userDisabled, reason: "gone"),
        ])
    func unproven(outcome: LoginVerdict.Outcome) throws {
        var connection = try ConnectionUnderTest(mechanisms: ["CRAM-MD5"]) { $0.failureDelay = .zero }
        _ = connection.send("AUTH\t1\tCRAM-MD5\tservice=smtp\tforward_fields=a=b")
        // printf 'alice 00000000000000000000000000000000' | base64
        let check = connection.send("CONT\t1\tYWxpY2UgMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=")
        var verdict = LoginVerdict(outcome)
        // As an earlier database with result_success = continue leaves them.
        verdict.fields = [Parameter("shade", "blue"), Parameter("forward_a", "b")]
        (verdict.masterUser, verdict.targetUser) = ("root", "carol")
        let reply = connection.answer(check, verdict)
        // The client's own field comes back, as with Dovecot.
        #expect(reply == .reply(.failure(1, .init(user: "alice", fields: [Parameter("forward_a", "b")]))))
    }

    @Test(
        "Absent, empty and lone-= initial responses are told apart by minor version",
        arguments: [
            (0, "", true), (1, "", true), (2, "", true),
            (0, "\tresp=", true), (1, "\tresp=", true), (2, "\tresp=", false),
            (0, "\tresp==", false), (1, "\tresp==", false), (2, "\tresp==", false),
        ] as [(UInt32, String, Bool)])
    func initialResponses(minor: UInt32, response: String, isAbsent: Bool) throws {
        var connection = try ConnectionUnderTest(minorVersion: minor) { $0.failureDelay = .zero }
        let action = connection.send("AUTH\t7\tPLAIN\tservice=smtp\(response)")
        #expect(action == (isAbsent ? .reply(.challenge(7, [])) : .reply(.failure(7, .init()))))
    }

    @Test("What isn't base64 fails at once, with a code, and the connection lives on")
    func malformedBase64() throws {
        var connection = try ConnectionUnderTest()
        let first = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=!!!")
        #expect(
            first
                == .reply(
                    .failure(
                        1, .init(code: .invalidBase64, reason: "Invalid base64 data in initial response"))))
        _ = connection.send("AUTH\t2\tPLAIN\tservice=smtp")
        let second = connection.send("CONT\t2\tAGFsaWNl!")
        #expect(
            second
                == .reply(
                    .failure(
                        2, .init(code: .invalidBase64, reason: "Invalid base64 data in continued response"))))
        let third = connection.send("AUTH\t3\tPLAIN\tservice=smtp")
        #expect(third == .reply(.challenge(3, [])))
        // Dovecot names nobody even where it knows the name: seen by Tests/Differential.
        _ = connection.send("AUTH\t4\tLOGIN\tservice=smtp\tresp=YWxpY2U=")
        let fourth = connection.send("CONT\t4\t!")
        #expect(
            fourth
                == .reply(
                    .failure(
                        4, .init(code: .invalidBase64, reason: "Invalid base64 data in continued response"))))
    }

    @Test(
        "A request that is wrong but has an id fails alone",
        arguments: [
            "AUTH\t1", "AUTH\t1\t", "AUTH\t1\tFOO\tservice=smtp", "AUTH\t1\tPLAIN", "AUTH\t1\tPLAIN\tresp=AAAA",
            "AUTH\t1\tPLAIN\tservice=smtp\tresp=AAAA\tlip=127.0.0.1", "CONT\t1",
        ])
    func wrongRequest(line: String) throws {
        var connection = try ConnectionUnderTest()
        let neighbour = connection.send("AUTH\t2\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        let action = connection.send(line)
        guard case .reply(.failure(1, let failure)) = action else {
            Issue.record("\(line): \(action)")
            return
        }
        #expect(failure.reason != nil && failure.code == nil)
        let reply = connection.answer(neighbour, .success(user: "alice"))
        #expect(reply == .reply(.success(2, user: "alice", fields: [])))
    }

    @Test("A duplicate id ends both requests in one FAIL")
    func duplicate() throws {
        var connection = try ConnectionUnderTest()
        let check = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        _ = connection.machine.takeCheck()
        let second = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        guard case .reply(.failure(1, _)) = second else {
            Issue.record("\(second)")
            return
        }
        let late = connection.answer(check, .success(user: "alice"))
        #expect(late == .nothing)
        let abandoned = connection.machine.takeAbandoned()
        #expect(abandoned.count == 1)
    }

    @Test("A question that has its answer is not given up afterwards")
    func answered() throws {
        var connection = try ConnectionUnderTest()
        let right = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        let reply = connection.answer(right, .success(user: "alice"))
        #expect(reply == .reply(.success(1, user: "alice", fields: [])))
        let wrong = connection.send("AUTH\t2\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        let delayed = connection.answer(wrong, .wrongPassword)
        #expect(delayed == .nothing)
        connection.machine.peerClosed()
        let isAnyGivenUp = !connection.machine.takeAbandoned().isEmpty
        #expect(!isAnyGivenUp)
    }

    @Test("A request has a timer for as long as it is open, and a connection without requests has none")
    func timers() throws {
        var connection = try ConnectionUnderTest()
        let check = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        let whileChecked = connection.machine.standing().nextDeadline
        #expect(whileChecked == connection.now + .seconds(8))
        let waiting = connection.send("AUTH\t2\tLOGIN\tservice=smtp")
        #expect(waiting == .reply(.challenge(2, Array("Username:".utf8))))
        _ = connection.answer(check, .success(user: "alice"))
        let whileWaiting = connection.machine.standing().nextDeadline
        // Not after the time when the client of the other one has to have answered.
        #expect(try #require(whileWaiting) <= connection.now + .seconds(150))
        _ = connection.send("CANCEL\t2")
        let afterwards = connection.machine.standing().nextDeadline
        #expect(afterwards == nil)
    }

    @Test("While a FAIL is delayed nothing else is sent for its id", arguments: ["AUTH\t1\tPLAIN\tservice=smtp", "CONT\t1\t", "CANCEL\t1"])
    func delayedID(line: String) throws {
        var connection = try ConnectionUnderTest()
        let check = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        _ = connection.answer(check, .wrongPassword)
        let action = connection.send(line)
        #expect(action == .nothing)
        let replies = connection.pass(.seconds(2))
        #expect(replies == [.reply(.failure(1, .init(user: "alice")))])
    }

    @Test("A continuation that nobody asked for fails the request, once")
    func unexpectedContinuation() throws {
        var connection = try ConnectionUnderTest()
        let check = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        _ = connection.machine.takeCheck()
        let action = connection.send("CONT\t1\t")
        #expect(action == .reply(.failure(1, .init(user: "alice", reason: "Unexpected continuation"))))
        let late = connection.answer(check, .success(user: "alice"))
        #expect(late == .nothing)
    }

    @Test("A continuation of a request that is over is answered as Dovecot does")
    func lateContinuation() throws {
        var connection = try ConnectionUnderTest()
        let action = connection.send("CONT\t5\t")
        #expect(action == .reply(.failure(5, .init(reason: "Authentication request timed out"))))
    }

    @Test("CANCEL drops a request silently; unknown ids are ignored")
    func cancel() throws {
        var connection = try ConnectionUnderTest()
        _ = connection.send("AUTH\t1\tPLAIN\tservice=smtp")
        let cancel = [connection.send("CANCEL\t1"), connection.send("CANCEL\t99")]
        #expect(cancel == [.nothing, .nothing])
        let openRequests2 = connection.machine.openRequests
        #expect(openRequests2 == 0)
    }

    @Test("An exchange expires 150 seconds after its last message, without a reply")
    func expiry() throws {
        var connection = try ConnectionUnderTest()
        _ = connection.send("AUTH\t1\tLOGIN\tservice=smtp")
        _ = connection.pass(.seconds(100))
        _ = connection.send("CONT\t1\tYWxpY2U=")
        let early = connection.pass(.seconds(149))
        let openRequests3 = connection.machine.openRequests
        #expect(early.isEmpty && openRequests3 == 1)
        let late = connection.pass(.seconds(1))
        let openRequests4 = connection.machine.openRequests
        #expect(late == [.nothing] && openRequests4 == 0)
        let after = connection.send("CONT\t1\tc2VjcmV0")
        #expect(after == .reply(.failure(1, .init(reason: "Authentication request timed out"))))
    }

    @Test("Abandoned exchanges never block new ones: the oldest is given up")
    func abandonedExchanges() throws {
        var connection = try ConnectionUnderTest { $0.maximumRequestsInFlight = 10 }
        for id in 1...1000 {
            let action = connection.send("AUTH\t\(id)\tLOGIN\tservice=smtp")
            #expect(action == .reply(.challenge(RequestID(UInt32(id)), Array("Username:".utf8))))
            _ = connection.pass(.milliseconds(1))
        }
        let openRequests5 = connection.machine.openRequests
        #expect(openRequests5 == 10)
        let wantsInput6 = connection.machine.wantsInput
        #expect(wantsInput6)
    }

    @Test("No more is read while too many requests wait for the server")
    func backPressure() throws {
        var connection = try ConnectionUnderTest { $0.maximumRequestsInFlight = 2 }
        let first = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        let wantsInput7 = connection.machine.wantsInput
        #expect(wantsInput7)
        _ = connection.send("AUTH\t2\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        let wantsInput8 = connection.machine.wantsInput
        #expect(!wantsInput8)
        _ = connection.answer(first, .success(user: "alice"))
        let wantsInput9 = connection.machine.wantsInput
        #expect(wantsInput9)
    }
}
