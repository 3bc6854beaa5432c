import Testing

extension RealPeers {
    @Suite(
        "The hardened form without smtpd_tls_auth_only: a trap", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunPostfix, "needs root, postfix and the auth server (make test)"),
        .mailHost(form: "hardened"))
    struct TrapTests {
        let host: MailHost

        init() throws {
            host = try .current
        }

        @Test("A clear-text EHLO kills smtpd, because noplaintext leaves no mechanism of PLAIN and LOGIN")
        func trap() throws {
            // smtpd asks for the mechanisms before it greets, or at the latest at EHLO; incoming mail dies with it.
            #expect(throws: Failure.self) {
                let session = try SMTPConversation(port: host.postfix.smtpPort)
                try session.say("EHLO client.test")
            }
            #expect(host.postfix.logs("fatal: no SASL authentication mechanisms"))
        }

        @Test("The wrapper-mode port, where everything is encrypted, offers AUTH and works")
        func wrapped() throws {
            let session = try SMTPConversation.wrapped(port: host.postfix.smtpsPort)
            #expect(try session.say("EHLO client.test").authLines == ["AUTH PLAIN LOGIN", "AUTH=PLAIN LOGIN"])
            #expect(try session.say("AUTH PLAIN \(Credentials.alice.plain)").code == 235)
        }
    }

    @Suite(
        "The hardened form with smtpd_tls_auth_only", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunPostfix, "needs root, postfix and the auth server (make test)"),
        .mailHost(form: "tls-only"))
    struct HardenedTests {
        let host: MailHost

        init() throws {
            host = try .current
        }

        @Test("EHLO in clear text shows STARTTLS and no AUTH, and mail comes in")
        func clearText() throws {
            let session = try SMTPConversation(port: host.postfix.smtpPort)
            let reply = try session.say("EHLO client.test")
            #expect(reply.offers("STARTTLS"))
            #expect(reply.authLines.isEmpty)
            #expect(try session.say("MAIL FROM:<someone@elsewhere.example>").code == 250)
            #expect(try session.say("RCPT TO:<alice@gatepost.test>").code == 250)
        }

        @Test("AUTH in clear text is refused")
        func clearTextLogin() throws {
            let session = try SMTPConversation(port: host.postfix.smtpPort)
            try session.say("EHLO client.test")
            let reply = try session.say("AUTH PLAIN \(Credentials.alice.plain)")
            #expect(reply.code == 503, "\(reply)")
        }

        @Test("EHLO after STARTTLS shows AUTH, and a login works")
        func encrypted() throws {
            let session = try SMTPConversation.startTLS(port: host.postfix.smtpPort)
            let reply = try session.say("EHLO client.test")
            #expect(reply.authLines == ["AUTH PLAIN LOGIN", "AUTH=PLAIN LOGIN"])
            #expect(try session.say("AUTH PLAIN \(Credentials.alice.with(password: "x").plain)").code == 535)
            #expect(try session.say("AUTH PLAIN \(Credentials.alice.plain)").code == 235)
        }

        @Test("AUTH LOGIN works after STARTTLS")
        func encryptedLogin() throws {
            let session = try SMTPConversation.startTLS(port: host.postfix.smtpPort)
            try session.say("EHLO client.test")
            #expect(try session.say("AUTH LOGIN").description == "334 VXNlcm5hbWU6")
            #expect(try session.say(Credentials.carol.userInBase64).description == "334 UGFzc3dvcmQ6")
            #expect(try session.say(Credentials.carol.passwordInBase64).code == 235)
        }
    }
}
