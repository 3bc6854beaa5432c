import Glibc
import Testing

extension RealPeers {
    @Suite(
        "What a mail program is told when a login fails", .serialized, .timeLimit(.minutes(3)),
        .enabled(if: Requirement.canRunPostfix, "needs root, postfix and the auth server (make test)"))
    struct FailureTests {
        @Test("The delay of one refusal holds up nobody else")
        func delay() async throws {
            try await MailHost.run(failureDelay: "2 secs") { host in
                let refused = try SMTPConversation(port: host.postfix.smtpPort)
                try refused.say("EHLO client.test")
                let welcome = try SMTPConversation(port: host.postfix.smtpPort)
                try welcome.say("EHLO client.test")
                let start = ContinuousClock.now
                try refused.send("AUTH PLAIN \(Credentials.alice.with(password: "x").plain)")
                #expect(try welcome.say("AUTH PLAIN \(Credentials.dave.plain)").code == 235)
                #expect(ContinuousClock.now - start < .milliseconds(1400))
                #expect(try refused.reply().code == 535)
                // Dovecot counts whole seconds on a timer of 500 ms, so 2 s may be 1.5 s.
                #expect(ContinuousClock.now - start > .milliseconds(1400))
            }
        }

        @Test(
            "A passwd-file whose directory is missing is a temporary failure, 454",
            .enabled(if: ServerKind.current == .gatepost, "Dovecot takes it for an unknown user"))
        func missingDirectory() async throws {
            try await MailHost.run(users: "/tmp/gp-nowhere/users") { host in
                let session = try SMTPConversation(port: host.postfix.smtpPort)
                try session.say("EHLO client.test")
                #expect(try session.say("AUTH PLAIN \(Credentials.alice.plain)").code == 454)
            }
        }

        @Test(
            "A passwd-file that may not be read is a temporary failure, 454; readable again, it is 535 or 235",
            .enabled(if: ServerKind.current == .gatepost, "Postfix makes 535 of Dovecot's code=temp_fail"))
        func unreadable() async throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let users = "\(place.path)/users"
            try place.write(try #require(TextFile.read(Places.demoUsers)), to: "users", mode: 0)
            let server = try ServerUnderTest(
                .init(socket: "\(place.path)/auth", users: users, isBoundByFileModes: true))
            defer { server.stop() }
            let settings = PostfixInstance.Settings(saslPath: server.socket)
            let postfix = try PostfixInstance(in: PostfixInstance.prepare(settings), settings)
            defer { postfix.stop() }
            for _ in 0..<2 {
                let session = try SMTPConversation(port: postfix.smtpPort)
                try session.say("EHLO client.test")
                #expect(try session.say("AUTH PLAIN \(Credentials.alice.plain)").code == 454)
                try session.say("QUIT")
            }
            let remedy = #/open\(.*\) failed: Permission denied; let user [a-z_-]+ \(id [0-9]+\), which this process runs as/#
            #expect(server.log.contains(remedy), "\(server.log)")
            _ = try ChildProcess.run(["chmod", "644", users])
            // Postfix older than 3.11 may need one more login to notice the connection that was closed under it.
            let welcomed = try Patience.wait(for: .seconds(30)) {
                let session = try SMTPConversation(port: postfix.smtpPort)
                try session.say("EHLO client.test")
                return try session.say("AUTH PLAIN \(Credentials.alice.plain)").code == 235
            }
            #expect(welcomed)
            let session = try SMTPConversation(port: postfix.smtpPort)
            try session.say("EHLO client.test")
            #expect(try session.say("AUTH PLAIN \(Credentials.alice.with(password: "x").plain)").code == 535)
        }

        @Test("A login that comes after the server's restart works on the first try")
        func restart() async throws {
            let settings = PostfixInstance.Settings(processes: 1)
            let directory = try PostfixInstance.prepare(settings)
            let access = ServerUnderTest.Settings(
                socket: "\(directory.path)/queue/private/auth", access: .postfix)
            let first = try ServerUnderTest(access)
            let postfix = try PostfixInstance(in: directory, settings)
            defer { postfix.stop() }
            let session = try SMTPConversation(port: postfix.smtpPort)
            try session.say("EHLO client.test")
            #expect(try session.say("AUTH PLAIN \(Credentials.alice.with(password: "x").plain)").code == 535)
            #expect(first.stop() == .code(0))
            let second = try ServerUnderTest(access)
            defer { second.stop() }
            // Postfix writes into the closed connection, sees EPIPE and repeats the request on a new one.
            #expect(try session.say("AUTH PLAIN \(Credentials.alice.plain)").code == 235)
        }
    }
}
