import Testing

extension RealPeers {
    @Suite(
        "Postfix set up as every guide says", .serialized, .timeLimit(.minutes(3)),
        .enabled(if: Requirement.canRunPostfix, "needs root, postfix and the auth server (make test)"), .mailHost())
    struct GuideTests {
        let host: MailHost

        init() throws {
            host = try .current
        }

        // MARK: What EHLO shows

        @Test("EHLO in clear text shows STARTTLS and both spellings of AUTH")
        func clearTextOffer() throws {
            let session = try SMTPConversation(port: host.postfix.smtpPort)
            let reply = try session.say("EHLO client.test")
            #expect(reply.offers("STARTTLS"))
            #expect(reply.authLines == ["AUTH PLAIN LOGIN", "AUTH=PLAIN LOGIN"])
        }

        @Test("EHLO after STARTTLS shows the same mechanisms")
        func encryptedOffer() throws {
            let session = try SMTPConversation.startTLS(port: host.postfix.smtpPort)
            let reply = try session.say("EHLO client.test")
            #expect(!reply.offers("STARTTLS"))
            #expect(reply.authLines == ["AUTH PLAIN LOGIN", "AUTH=PLAIN LOGIN"])
        }

        @Test("EHLO on the wrapper-mode port shows the same mechanisms")
        func wrappedOffer() throws {
            let session = try SMTPConversation.wrapped(port: host.postfix.smtpsPort)
            #expect(try session.say("EHLO client.test").authLines == ["AUTH PLAIN LOGIN", "AUTH=PLAIN LOGIN"])
        }

        // MARK: The exchanges, word by word

        @Test("AUTH PLAIN with an initial response logs in", arguments: Credentials.all)
        func plainAtOnce(who: Credentials) throws {
            #expect(try greeted().say("AUTH PLAIN \(who.plain)").code == 235)
        }

        @Test("AUTH PLAIN without an initial response gets an empty challenge first", arguments: Credentials.all)
        func plainInTwoSteps(who: Credentials) throws {
            let session = try greeted()
            let challenge = try session.say("AUTH PLAIN")
            #expect(challenge.code == 334)
            #expect(challenge.text.isEmpty)
            #expect(try session.say(who.plain).code == 235)
        }

        @Test("AUTH LOGIN asks for the name, then for the password", arguments: Credentials.all)
        func login(who: Credentials) throws {
            let session = try greeted()
            #expect(try session.say("AUTH LOGIN").description == "334 VXNlcm5hbWU6")
            #expect(try session.say(who.userInBase64).description == "334 UGFzc3dvcmQ6")
            #expect(try session.say(who.passwordInBase64).code == 235)
        }

        @Test("AUTH LOGIN with the name as initial response asks for the password only")
        func loginWithName() throws {
            let session = try greeted()
            #expect(try session.say("AUTH LOGIN \(Credentials.alice.userInBase64)").description == "334 UGFzc3dvcmQ6")
            #expect(try session.say(Credentials.alice.passwordInBase64).code == 235)
        }

        @Test("The mechanism's name may be written in any case")
        func anyCase() throws {
            #expect(try greeted().say("AUTH plain \(Credentials.alice.plain)").code == 235)
        }

        @Test("An empty initial response, written as =, is not a login")
        func emptyInitialResponse() throws {
            let session = try greeted()
            #expect(try session.say("AUTH PLAIN =").code == 535)
            #expect(try session.say("AUTH PLAIN \(Credentials.alice.plain)").code == 235)
        }

        @Test("A wrong password gets 535 and the session goes on", arguments: Credentials.all)
        func wrongPassword(who: Credentials) throws {
            let session = try greeted()
            let wrong = who.with(password: "not " + who.password)
            let reply = try session.say("AUTH PLAIN \(wrong.plain)")
            #expect(reply.lines.count == 1)
            #expect(reply.description.hasPrefix("535 5.7.8 Error: authentication failed:"))
            try session.say("AUTH LOGIN")
            try session.say(wrong.userInBase64)
            #expect(try session.say(wrong.passwordInBase64).code == 535)
            #expect(try session.say("AUTH PLAIN \(who.plain)").code == 235)
        }

        @Test("A user who doesn't exist gets the same answer as a wrong password")
        func unknownUser() throws {
            let session = try greeted()
            let unknown = try session.say("AUTH PLAIN \(Credentials(user: "mallory", password: "x").plain)")
            let wrong = try session.say("AUTH PLAIN \(Credentials.alice.with(password: "x").plain)")
            #expect(unknown.description == wrong.description)
            #expect(unknown.code == 535)
        }

        @Test("Base64 that isn't any gets 535 and the session goes on")
        func brokenBase64() throws {
            let session = try greeted()
            #expect(try session.say("AUTH PLAIN AGFsaWNl=AHg").code == 535)
            #expect(try session.say("AUTH PLAIN \(Credentials.alice.plain)").code == 235)
        }

        @Test("A client that gives up with * can begin anew")
        func cancelled() throws {
            let session = try greeted()
            try session.say("AUTH LOGIN")
            #expect(try session.say("*").code == 501)
            try session.say("AUTH PLAIN")
            #expect(try session.say("*").code == 501)
            #expect(try session.say("AUTH PLAIN \(Credentials.alice.plain)").code == 235)
        }

        // MARK: Relaying

        @Test("Mail for elsewhere is refused before the login and taken after it")
        func relaying() throws {
            let session = try greeted()
            try session.say("MAIL FROM:<alice@gatepost.test>")
            let refusal = try session.say("RCPT TO:<someone@elsewhere.example>")
            #expect(refusal.description.hasPrefix("554 5.7.1"))
            #expect(refusal.description.hasSuffix("Relay access denied"))
            try session.say("RSET")
            #expect(try session.say("AUTH PLAIN \(Credentials.alice.plain)").code == 235)
            #expect(try session.say("MAIL FROM:<alice@gatepost.test>").code == 250)
            #expect(try session.say("RCPT TO:<someone@elsewhere.example>").code == 250)
            #expect(try session.say("DATA").code == 354)
            #expect(try session.say("Subject: relayed\r\n\r\nHello.\r\n.").code == 250)
            #expect(host.postfix.logs("to=<someone@elsewhere.example>, relay=none"))
            #expect(host.postfix.logs("sasl_method=PLAIN, sasl_username=alice"))
        }

        @Test("Mail for the host itself needs no login")
        func incoming() throws {
            let session = try greeted()
            try session.say("MAIL FROM:<someone@elsewhere.example>")
            #expect(try session.say("RCPT TO:<alice@gatepost.test>").code == 250)
        }

        // MARK: Mail programs

        @Test("swaks logs in", arguments: ["PLAIN", "LOGIN"], [[], ["--tls"], ["--tls-on-connect"]])
        func swaks(mechanism: String, tls: [String]) throws {
            let port = tls == ["--tls-on-connect"] ? host.postfix.smtpsPort : host.postfix.smtpPort
            let run = { (who: Credentials) in
                try ChildProcess.run(
                    [
                        "swaks", "--server", "127.0.0.1", "--port", "\(port)", "--from", "bob@gatepost.test", "--to",
                        "someone@elsewhere.example", "--auth", mechanism, "--auth-user", who.user, "--auth-password",
                        who.password,
                    ] + tls)
            }
            let outcome = try run(.bob)
            #expect(outcome.succeeded, "\(outcome)")
            #expect(outcome.output.contains(" 235 2.7.0 Authentication successful"))
            let refused = try run(.bob.with(password: "guess it"))
            // 28 is swaks' code for a failed AUTH.
            #expect(refused.exit == .code(28), "\(refused)")
            #expect(refused.output.contains(" 535 5.7.8"))
        }

        @Test(
            "curl logs in", arguments: ["PLAIN", "LOGIN"], [[], ["--sasl-ir"], ["--ssl-reqd", "-k"]])
        func curl(mechanism: String, options: [String]) throws {
            #expect(try MailPrograms.curl(port: host.postfix.smtpPort, mechanism, as: .alice, options).succeeded)
        }

        @Test("curl logs in on the wrapper-mode port", arguments: ["PLAIN", "LOGIN"])
        func curlWrapped(mechanism: String) throws {
            #expect(try MailPrograms.curl("smtps", port: host.postfix.smtpsPort, mechanism, as: .alice, ["-k"]).succeeded)
        }

        @Test("curl learns of a wrong password as a refused login", arguments: ["PLAIN", "LOGIN"])
        func curlRefused(mechanism: String) throws {
            let outcome = try MailPrograms.curl(
                port: host.postfix.smtpPort, mechanism, as: .alice.with(password: "x"))
            // 67 is curl's CURLE_LOGIN_DENIED.
            #expect(outcome.exit == .code(67), "\(outcome)")
        }

        @Test("gsasl logs in", arguments: ["PLAIN", "LOGIN"])
        func gsasl(mechanism: String) throws {
            let outcome = try MailPrograms.gsasl(port: host.postfix.smtpPort, mechanism)
            #expect(outcome.succeeded, "\(outcome)")
        }

        // MARK: Many at once

        @Test("Fifty sessions log in at once")
        func fiftySessions() throws {
            let sessions = try (0..<50).map { _ in try SMTPConversation(port: host.postfix.smtpPort) }
            for session in sessions { try session.say("EHLO client.test") }
            for (number, session) in sessions.enumerated() {
                let who = Credentials.all[number % Credentials.all.count]
                let password = number % 5 == 4 ? "wrong" : who.password
                try session.send("AUTH PLAIN \(who.with(password: password).plain)")
            }
            let codes = try sessions.map { try $0.reply().code }
            #expect(codes == (0..<50).map { $0 % 5 == 4 ? 535 : 235 })
        }

        private func greeted() throws -> SMTPConversation {
            let session = try SMTPConversation(port: host.postfix.smtpPort)
            try session.say("EHLO client.test")
            return session
        }
    }
}
