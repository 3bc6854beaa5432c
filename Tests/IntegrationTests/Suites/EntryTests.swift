import Glibc
import Testing

extension RealPeers {
    @Suite(
        "What stands beside a password, through real Postfix", .serialized, .timeLimit(.minutes(3)),
        .enabled(if: Requirement.canRunPostfix, "needs root, postfix and the auth server (make test)"),
        .mailHost(
            users: """
                alice:{PLAIN}wonderland
                away:{PLAIN}secret::::::nologin reason=On_holiday
                moved:{PLAIN}secret::::::nologin proxy host=192.0.2.9
                renamed:{PLAIN}secret::::::user=bob@example.com
                inside:{PLAIN}secret::::::allow_nets=127.0.0.0/8
                outside:{PLAIN}secret::::::allow_nets=192.0.2.0/24
                locked:{PLAIN}secret::::::fail

                """))
    struct EntryTests {
        /// The code for a login with AUTH PLAIN.
        private func code(_ user: String, _ password: String = "secret") throws -> Int {
            let session = try SMTPConversation(port: try MailHost.current.postfix.smtpPort)
            try session.say("EHLO client.test")
            return try session.say("AUTH PLAIN \(Credentials(user: user, password: password).plain)").code
        }

        @Test(
            "nologin keeps out, unless proxy stands beside it",
            .enabled(if: ServerKind.current == .gatepost, "Dovecot leaves it to Postfix, which overlooks it"))
        func nologin() throws {
            #expect(try code("away") == 535)
            #expect(try code("moved") == 235)
            #expect(try code("moved", "wrong") == 535)
        }

        @Test("The new name of an entry is the one that Postfix logs")
        func renamed() throws {
            let host = try MailHost.current
            let outcome = try MailPrograms.curl(
                port: host.postfix.smtpPort, "PLAIN", as: Credentials(user: "renamed", password: "secret"))
            #expect(outcome.succeeded, "\(outcome)")
            #expect(host.postfix.logs("sasl_username=bob@example.com"))
            #expect(!host.postfix.log.contains("sasl_username=renamed"))
        }

        @Test("allow_nets lets in from its networks only, by the address that Postfix tells")
        func networks() throws {
            #expect(try code("inside") == 235)
            #expect(try code("inside", "wrong") == 535)
            #expect(try code("outside") == 535)
            let check = "allow_nets check failed: IP 127.0.0.1 not in allowed networks"
            let server = try MailHost.current.server
            #expect(Patience.wait(for: .seconds(5)) { server.log.contains(check) })
        }

        @Test("fail refuses the right password")
        func fail() throws {
            #expect(try code("locked") == 535)
            #expect(try code("alice", "wonderland") == 235)
        }
    }
}
