import Testing

extension RealPeers {
    @Suite(
        "One smtpd process for everybody", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunPostfix, "needs root, postfix and the auth server (make test)"),
        .mailHost(processes: 1))
    struct OneProcessTests {
        let host: MailHost

        init() throws {
            host = try .current
        }

        @Test("Sixty sessions, right and wrong, one after another over one connection to the auth server")
        func sixtySessions() throws {
            for number in 0..<60 {
                let session = try greeted()
                let who = Credentials.all[number % Credentials.all.count]
                if number % 10 == 3 {
                    #expect(try session.say("AUTH PLAIN \(who.with(password: "x").plain)").code == 535)
                }
                #expect(try session.say("AUTH PLAIN \(who.plain)").code == 235)
                #expect(try session.say("QUIT").code == 221)
            }
            #expect(processes().count == 1)
        }

        @Test("A session that is dropped in the middle of AUTH harms no later one")
        func abandoned() throws {
            for mechanism in ["PLAIN", "LOGIN"] {
                do {
                    let session = try greeted()
                    #expect(try session.say("AUTH \(mechanism)").code == 334)
                }
                let cancelling = try greeted()
                try cancelling.say("AUTH \(mechanism)")
                #expect(try cancelling.say("*").code == 501)
                #expect(try cancelling.say("AUTH PLAIN \(Credentials.alice.plain)").code == 235)
                #expect(try cancelling.say("QUIT").code == 221)
            }
            #expect(processes().count == 1)
        }

        /// The smtpd processes that the log names.
        private func processes() -> Set<String> {
            let words = host.postfix.log.split(whereSeparator: { $0 == " " || $0 == "\n" })
            return Set(words.filter { $0.hasPrefix("postfix/smtpd[") }.map(String.init))
        }

        private func greeted() throws -> SMTPConversation {
            let session = try SMTPConversation(port: host.postfix.smtpPort)
            try session.say("EHLO client.test")
            return session
        }
    }
}
