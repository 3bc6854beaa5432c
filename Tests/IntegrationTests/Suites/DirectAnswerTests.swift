import Glibc
import Testing

extension RealPeers {
    /// Users of whom nothing but a digest is stored: their logins by PLAIN take the shortest way there is.
    @Suite(
        "Users with a digest, as a mail server sees them", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: ServerKind.current == .gatepost, "Dovecot looks at the file once a second"),
        .enabled(if: Requirement.hasServer, "needs the auth server (make test)"))
    struct DirectAnswerTests {
        /// `wonderland` and `build it`, by doveadm pw of Dovecot 2.3.19.1.
        private static let (wonderland, buildIt) = (
            "{SSHA256}mUBLyluhc2FrDGnd+XSxvVpYTxjYw+4aJP47+tYNn/3Y/Hn8",
            "{SSHA256}3Z/A/HvYn/dHZ1hEFyZSpLsFYjHh4H5Kcgl+1Iq0UDKbVRLx"
        )

        @Test("A changed password counts from the next login on, and with the file gone nobody is let in")
        func changedFile() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let people = "\(place.path)/people"
            try place.write("alice:\(Self.wonderland)\n", to: "people")
            let server = try ServerUnderTest(.init(socket: "\(place.path)/auth", users: people))
            defer { server.stop() }
            let auth = try AuthConversation(server.socket)
            // At rest, and so many at a time that the file isn't looked at for each.
            for id in 1...100 { #expect(try auth.logIn(id, .alice) == "OK\t\(id)\tuser=alice") }
            // The clock ticks; within a tick the old password would still do.
            usleep(20_000)
            try place.write("alice:\(Self.buildIt)\n", to: "changed")
            #expect(unsafe rename("\(place.path)/changed", people) == 0)
            #expect(try auth.logIn(201, .alice) == "FAIL\t201\tuser=alice")
            let new = Credentials.alice.with(password: "build it")
            for id in 202...301 { #expect(try auth.logIn(id, new) == "OK\t\(id)\tuser=alice") }
            usleep(20_000)
            #expect(unsafe unlink(people) == 0)
            for id in 401...402 {
                let refusal = try auth.logIn(id, new) ?? ""
                #expect(refusal.hasPrefix("FAIL\t\(id)\t") && refusal.contains("code=temp_fail"), "\(refusal)")
            }
            try place.write("alice:\(Self.wonderland)\n", to: "people")
            #expect(try auth.logIn(501, .alice) == "OK\t501\tuser=alice")
        }

        @Test("While somebody guesses, others are let in at once, and the right password from there waits")
        func penalty() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            try place.write("alice:\(Self.wonderland)\nbob:\(Self.buildIt)\n", to: "people")
            var settings = ServerUnderTest.Settings(socket: "\(place.path)/auth", users: "\(place.path)/people")
            settings.usesPenalty = true
            let server = try ServerUnderTest(settings)
            defer { server.stop() }
            func auth(_ id: Int, _ who: Credentials, _ parameters: String) -> String {
                "AUTH\t\(id)\tPLAIN\tservice=smtp\(parameters)\tresp=\(who.plain)"
            }
            // Each is remembered by the loop of its connection.
            let (guesser, other) = (try AuthConversation(server.socket), try AuthConversation(server.socket))
            for id in 1...2 {
                #expect(try guesser.say(auth(id, .alice, "\trip=192.0.2.7")) == "OK\t\(id)\tuser=alice")
                #expect(try other.say(auth(id, .alice, "\trip=192.0.2.7")) == "OK\t\(id)\tuser=alice")
            }
            _ = try guesser.say(auth(3, Credentials.alice.with(password: "wrong"), "\trip=192.0.2.7"))
            var start = ContinuousClock.now
            for (id, parameters) in ["\trip=192.0.2.8", "", "\trip=?", "\trip=2001:db8::7"].enumerated() {
                #expect(try other.say(auth(10 + id, .alice, parameters)) == "OK\t\(10 + id)\tuser=alice")
            }
            #expect(ContinuousClock.now - start < .seconds(1))
            start = .now
            #expect(try other.say(auth(20, .alice, "\trip=192.0.2.8\trip=::ffff:192.0.2.7")) == "OK\t20\tuser=alice")
            #expect((3.0...7.0).contains((ContinuousClock.now - start) / .seconds(1)))
            start = .now
            #expect(try guesser.say(auth(21, .bob, "\trip=192.0.2.7")) == "OK\t21\tuser=bob")
            #expect(ContinuousClock.now - start < .seconds(1))
        }
    }
}
