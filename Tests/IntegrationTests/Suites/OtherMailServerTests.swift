import Testing

extension RealPeers {
    @Suite(
        "Exim with its dovecot authenticator", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunExim, "needs root, an unpacked Exim and the auth server (make test)"))
    struct EximTests {
        @Test("Logs in and refuses, with PLAIN and LOGIN, and relays only after the login")
        func logins() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let server = try ServerUnderTest(.init(socket: "\(place.path)/auth"))
            defer { server.stop() }
            let port = try LineStream.freePort()
            let exim = try EximInstance.start(socket: server.socket, port: port)
            defer { exim.stop() }

            let session = try SMTPConversation(port: port)
            #expect(try session.say("EHLO client.test").authLines == ["AUTH PLAIN LOGIN"])
            try session.say("MAIL FROM:<alice@gatepost.test>")
            #expect(try session.say("RCPT TO:<someone@elsewhere.example>").code == 550)
            try session.say("RSET")
            // Without an initial response Exim sends "resp=" with nothing behind it.
            #expect(try session.say("AUTH PLAIN").description == "334 ")
            #expect(try session.say(Credentials.alice.plain).code == 235)
            try session.say("MAIL FROM:<alice@gatepost.test>")
            #expect(try session.say("RCPT TO:<someone@elsewhere.example>").code == 250)

            for mechanism in ["PLAIN", "LOGIN"] {
                for who in Credentials.all {
                    let accepted = try RealPeers.swaks(port, mechanism, who, [])
                    #expect(accepted.succeeded, "\(accepted)")
                }
                let refused = try RealPeers.swaks(port, mechanism, .alice.with(password: "x"), [])
                #expect(refused.exit == .code(28), "\(refused)")
                #expect(refused.output.contains(" 535 "))
            }
        }
    }

    @Suite(
        "chasquid in its Dovecot mode", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunChasquid, "needs an unpacked chasquid and the auth server (make test)"))
    struct ChasquidTests {
        @Test("Finds the sockets alive, logs in, and refuses a wrong password")
        func logins() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let server = try ServerUnderTest(.init(socket: "\(place.path)/auth"))
            defer { server.stop() }
            let port = try LineStream.freePort()
            let chasquid = try ChasquidInstance.start(client: server.socket, userdb: server.socket, port: port)
            defer { chasquid.stop() }
            for who in Credentials.all {
                let accepted = try RealPeers.swaks(port, "PLAIN", who, ["--tls"])
                #expect(accepted.succeeded, "\(accepted)")
            }
            let refused = try RealPeers.swaks(port, "PLAIN", .carol.with(password: "x"), ["--tls"])
            #expect(refused.exit == .code(28), "\(refused)")
            #expect(refused.output.contains(" 535 "))
        }
    }

    @Suite(
        "chasquid with a userdb socket", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunChasquid, "needs an unpacked chasquid and the auth server (make test)"))
    struct ChasquidUserdbTests {
        @Test("Takes mail for users whom the userdb has, and refuses it for others")
        func recipients() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            try place.write("alice@gatepost.test:{PLAIN}x:1000:1000::/home/alice\n", to: "people")
            let more = """
                userdb {
                  driver = passwd-file
                  args = username_format=%u \(place.path)/people
                }
                service auth {
                  unix_listener \(place.path)/auth-chasquid-userdb {
                    mode = 0660
                  }
                }

                """
            let server = try ServerUnderTest(.init(socket: "\(place.path)/auth", more: more))
            defer { server.stop() }
            let ports = (submission: try LineStream.freePort(), smtp: try LineStream.freePort())
            let chasquid = try ChasquidInstance.start(
                client: server.socket, userdb: "\(place.path)/auth-chasquid-userdb", port: ports.submission,
                smtpPort: ports.smtp)
            defer { chasquid.stop() }
            // Without a sender there is no SPF to look up.
            let session = try SMTPConversation(port: ports.smtp)
            try session.say("EHLO client.test")
            #expect(try session.say("MAIL FROM:<>").code == 250)
            #expect(try session.say("RCPT TO:<alice@gatepost.test>").code == 250)
            #expect(try session.say("RCPT TO:<nobody-here@gatepost.test>").code == 550)
            #expect(try session.say("RCPT TO:<al!ce@gatepost.test>").code == 550)
            let accepted = try RealPeers.swaks(ports.submission, "PLAIN", .alice, ["--tls"])
            #expect(accepted.succeeded, "\(accepted)")
        }
    }

    @Suite(
        "Prosody with mod_auth_dovecot", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunProsody, "needs root, Prosody's modules and the auth server (make test)"))
    struct ProsodyTests {
        @Test("Logs in and refuses over XMPP, on its one connection for all")
        func logins() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let server = try ServerUnderTest(.init(socket: "\(place.path)/auth", mechanisms: "plain"))
            defer { server.stop() }
            let prosody = try ProsodyInstance(socket: server.socket)
            defer { prosody.stop() }
            let wrong = Credentials.alice.with(password: "x").plain
            let outcome = try prosody.logIn("PLAIN", [wrong, Credentials.alice.plain])
            #expect(outcome.succeeded, "\(outcome)")
            #expect(outcome.output.contains("<mechanism>PLAIN</mechanism>"))
            let refusal = try #require(outcome.output.firstRange(of: "<not-authorized/>"), "\(outcome)")
            let success = try #require(outcome.output.firstRange(of: "<success"), "\(outcome)")
            #expect(refusal.lowerBound < success.lowerBound)
            for who in [Credentials.bob, .dave] {
                let accepted = try prosody.logIn("PLAIN", [who.plain])
                #expect(accepted.output.contains("<success"), "\(accepted)")
            }
        }
    }

    /// A login, and nothing more, as the mail program swaks makes it.
    fileprivate static func swaks(
        _ port: UInt16, _ mechanism: String, _ who: Credentials, _ options: [String]
    ) throws -> ChildProcess.Outcome {
        try ChildProcess.run(
            [
                "swaks", "--server", "127.0.0.1", "--port", "\(port)", "--to", "someone@elsewhere.example",
                "--from", "alice@gatepost.test", "--auth", mechanism, "--auth-user", who.user,
                "--auth-password", who.password, "--quit-after", "AUTH",
            ] + options)
    }
}
