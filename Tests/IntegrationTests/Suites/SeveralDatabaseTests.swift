import Glibc
import Testing

extension RealPeers {
    @Suite(
        "Several passdbs, through real Postfix", .serialized, .timeLimit(.minutes(3)),
        .enabled(if: Requirement.canRunPostfix, "needs root, postfix and the auth server (make test)"))
    struct SeveralDatabaseTests {
        /// A machine whose first passdb has `users`; what `more` says comes behind it.
        private func withHost(
            users: String, more: (TemporaryDirectory) throws -> String,
            _ body: (_ login: (String) throws -> Int, _ users: String) throws -> Void
        ) throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            try place.write(users, to: "users")
            let settings = PostfixInstance.Settings()
            let directory = try PostfixInstance.prepare(settings)
            let server: ServerUnderTest
            do {
                server = try ServerUnderTest(
                    .init(
                        socket: "\(directory.path)/queue/private/auth", access: .postfix, users: "\(place.path)/users",
                        more: try more(place)))
            } catch {
                PostfixInstance.discard(directory)
                throw error
            }
            defer { server.stop() }
            let postfix = try PostfixInstance(in: directory, settings)
            defer { postfix.stop() }
            try body(
                { message in
                    let session = try SMTPConversation(port: postfix.smtpPort)
                    try session.say("EHLO client.test")
                    return try session.say("AUTH PLAIN \(Base64.encode(message))").code
                }, "\(place.path)/users")
        }

        private func passdb(_ file: String, _ rules: String = "") -> String {
            "passdb {\n  driver = passwd-file\n  args = scheme=CRYPT username_format=%u \(file)\n\(rules)}\n"
        }

        @Test("Who stands in a deny list is kept out, the others are not")
        func deny() throws {
            try withHost(users: "early:{PLAIN}secret\n") { place in
                try place.write("alice\n", to: "denied")
                try place.write("alice:{PLAIN}secret\nbob:{PLAIN}secret\n", to: "late")
                return passdb("\(place.path)/denied", "  deny = yes\n") + passdb("\(place.path)/late")
            } _: { (login, _) throws in
                #expect(try login("\0alice\0secret") == 535)
                #expect(try login("\0bob\0secret") == 235)
                #expect(try login("\0bob\0wrong") == 535)
                #expect(try login("\0early\0secret") == 235)
            }
        }

        @Test("A master user logs in as another, by the authzid and by the separator")
        func master() throws {
            try withHost(users: "alice:{PLAIN}wonderland\nbob:{PLAIN}builds\n") { place in
                try place.write("root:{PLAIN}boss\n", to: "masters")
                return "auth_master_user_separator = *\n" + passdb("\(place.path)/masters", "  master = yes\n")
            } _: { (login, _) throws in
                #expect(try login("alice\0root\0boss") == 235)
                #expect(try login("\0alice*root\0boss") == 235)
                #expect(try login("alice\0root\0wrong") == 535)
                #expect(try login("\0alice*root\0wonderland") == 535)
                // Nobody's own password is a master's, and a master is nobody by themselves.
                #expect(try login("bob\0alice\0wonderland") == 535)
                #expect(try login("\0root\0boss") == 535)
                #expect(try login("\0alice\0wonderland") == 235)
            }
        }

        @Test("As nobody a master user can't log in", .enabled(if: ServerKind.current == .gatepost, "with Dovecot it can"))
        func masterOfNobody() throws {
            try withHost(users: "alice:{PLAIN}wonderland\n") { place in
                try place.write("root:{PLAIN}boss\n", to: "masters")
                return passdb("\(place.path)/masters", "  master = yes\n")
            } _: { (login, _) throws in
                #expect(try login("nobody-here\0root\0boss") == 535)
                #expect(try login("alice\0root\0boss") == 235)
            }
        }

        @Test(
            "Where one of two can't be asked, a password that the other doesn't know is no wrong one: 454",
            .enabled(if: ServerKind.current == .gatepost, "Postfix makes 535 of Dovecot's code=temp_fail"))
        func temporaryFailure() throws {
            try withHost(users: "alice:{PLAIN}wonderland\n") { _ in
                passdb("/tmp/gp-nowhere/users")
            } _: { (login, _) throws in
                #expect(try login("\0alice\0wonderland") == 235)
                #expect(try login("\0alice\0wrong") == 454)
                #expect(try login("\0bob\0secret") == 454)
            }
        }

        @Test(
            "With the login cache a costly password is hashed once, and a changed one counts at once",
            .enabled(if: ServerKind.current == .gatepost, "it is Gatepost's own"))
        func loginCache() throws {
            let old = "\0alice\0wonderland"
            try withHost(users: "bob:{PLAIN}builds\n") { place in
                let file = "\(place.path)/users"
                let added = try ChildProcess.run(
                    [Places.gatepost, "passwd", "-s", "BLF-CRYPT", "-r", "12", file, "alice", "-p", "wonderland"])
                guard added.succeeded else { throw Failure("\(added)") }
                return "gatepost_login_cache_ttl = 1 hour\n"
            } _: { (login, users) throws in
                let clock = ContinuousClock()
                let first = try clock.measure { () throws in #expect(try login(old) == 235) }
                let second = try clock.measure { () throws in #expect(try login(old) == 235) }
                #expect(second < first / 2, "the first took \(first), the second \(second)")
                #expect(try login("\0alice\0wrong") == 535)
                let changed = try ChildProcess.run(
                    [Places.gatepost, "passwd", "-s", "BLF-CRYPT", "-r", "5", users, "alice", "-p", "looking glass"])
                #expect(changed.succeeded, "\(changed)")
                #expect(try login(old) == 535)
                #expect(try login("\0alice\0looking glass") == 235)
                #expect(try login(old) == 535)
            }
        }
    }
}
