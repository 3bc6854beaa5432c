import Testing

extension RealPeers {
    @Suite(
        "Guessing, as a mail server sees it", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.hasServer && ServerKind.current == .gatepost, "Dovecot makes Postfix wait for 17 s"))
    struct PenaltyTests {
        private static func auth(_ id: Int, _ who: Credentials, rip: String = "192.0.2.7") -> String {
            "AUTH\t\(id)\tPLAIN\tservice=smtp\trip=\(rip)\tresp=\(who.plain)"
        }

        private static func run(_ body: (ServerUnderTest, ServerUnderTest.Settings) throws -> Void) throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            var settings = ServerUnderTest.Settings(socket: "\(place.path)/auth", failureDelay: "2 secs")
            settings.usesPenalty = true
            let server = try ServerUnderTest(settings)
            defer { server.stop() }
            try body(server, settings)
        }

        @Test("Wrong passwords of one address are told later and later, never after Postfix has gone; others don't wait")
        func steps() throws {
            try Self.run { server, _ in
                let auth = try AuthConversation(server.socket)
                for (guess, range) in [2.0...4.0, 6.0...8.0, 7.0...9.5].enumerated() {
                    let start = ContinuousClock.now
                    let wrong = Credentials.alice.with(password: "wrong \(guess)")
                    #expect(try auth.say(Self.auth(guess + 1, wrong)) == "FAIL\t\(guess + 1)\tuser=alice")
                    let seconds = (ContinuousClock.now - start) / .seconds(1)
                    #expect(range.contains(seconds), "guess \(guess) took \(seconds) s")
                }
                let start = ContinuousClock.now
                let neighbour = try AuthConversation(server.socket)
                #expect(try neighbour.say(Self.auth(9, .alice, rip: "192.0.2.8")) == "OK\t9\tuser=alice")
                #expect(ContinuousClock.now - start < .seconds(2))
                let again = try AuthConversation(server.socket)
                #expect(try again.say(Self.auth(1, .alice)) == "OK\t1\tuser=alice")
                #expect((4.0...7.0).contains((ContinuousClock.now - start) / .seconds(1)))
                #expect(try again.say(Self.auth(2, .alice)) == "OK\t2\tuser=alice")
            }
        }

        @Test("Who may not log in (nologin) but knows the password makes nobody behind the same address wait")
        func nologin() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            try place.write("alice:{PLAIN}wonderland\naway:{PLAIN}secret::::::nologin reason=On_holiday\n", to: "people")
            var settings = ServerUnderTest.Settings(
                socket: "\(place.path)/auth", users: "\(place.path)/people", failureDelay: "2 secs")
            settings.usesPenalty = true
            let server = try ServerUnderTest(settings)
            defer { server.stop() }
            let auth = try AuthConversation(server.socket)
            let away = Credentials(user: "away", password: "secret")
            for id in 1...2 {
                let start = ContinuousClock.now
                let refusal = try auth.say(Self.auth(id, away))
                #expect(refusal == "FAIL\t\(id)\tuser=away\treason=On_holiday")
                #expect((1.9...3.0).contains((ContinuousClock.now - start) / .seconds(1)))
            }
            let start = ContinuousClock.now
            #expect(try auth.say(Self.auth(3, .alice)) == "OK\t3\tuser=alice")
            #expect(ContinuousClock.now - start < .seconds(1))
            // A guess at the same account counts like any other.
            _ = try auth.say(Self.auth(4, away.with(password: "wrong")))
            let guessed = ContinuousClock.now
            #expect(try auth.say(Self.auth(5, .alice)) == "OK\t5\tuser=alice")
            #expect(ContinuousClock.now - guessed > .seconds(3))
        }

        @Test("Of many guesses at a time a few are told, and a reload forgets nobody")
        func parallel() throws {
            try Self.run { server, settings in
                let connections = try (0..<20).map { _ in try AuthConversation(server.socket) }
                for (number, connection) in connections.enumerated() {
                    try connection.send(Self.auth(1, Credentials.alice.with(password: "wrong \(number)")))
                }
                let verdicts = try connections.map { try $0.say("CANCEL\t99") ?? "" }
                let told = verdicts.count { $0 == "FAIL\t1\tuser=alice" }
                let refused = verdicts.count { $0.hasPrefix("FAIL\t1") && $0.contains("code=temp_fail") }
                #expect(told + refused == 20 && (1...5).contains(told), "\(verdicts)")
                try server.reload(settings)
                #expect(Patience.wait(for: .seconds(5)) { server.log.contains("SIGHUP received") })
                let start = ContinuousClock.now
                let auth = try AuthConversation(server.socket)
                _ = try auth.say(Self.auth(1, .alice))
                #expect(ContinuousClock.now - start > .seconds(1))
            }
        }
    }
}
