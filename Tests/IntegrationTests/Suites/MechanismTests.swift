import Testing

extension RealPeers {
    @Suite(
        "Every mechanism, with real mail programs", .serialized, .timeLimit(.minutes(3)),
        .enabled(if: Requirement.canRunPostfix, "needs root, postfix and the auth server (make test)"),
        .mailHost(
            mechanisms: "scram-sha-256 scram-sha-1 digest-md5 cram-md5 plain login",
            users: """
                alice:{PLAIN}wonderland
                scram256:{SCRAM-SHA-256}4096,lsfyeuasSr2rH8WKq8qTIw==,5hZZXMZeF3++OJzxKnhCGP8qZ095oCeJ+oz3tN8qZ34=,\
                O8PJeSBgaCx/zKwn6TlbDZGgCQ913d9+RZqlHhfm8fk=

                """))
    struct MechanismTests {
        let host: MailHost

        init() throws {
            host = try .current
        }

        private static let stranger = Credentials(user: "mallory", password: "wonderland")

        @Test("EHLO offers them in the order of the configuration")
        func offer() throws {
            let session = try SMTPConversation(port: host.postfix.smtpPort)
            let lines = try session.say("EHLO client.test").authLines
            #expect(lines.contains("AUTH SCRAM-SHA-256 SCRAM-SHA-1 DIGEST-MD5 CRAM-MD5 PLAIN LOGIN"), "\(lines)")
        }

        @Test("gsasl logs in, and is refused", arguments: ["SCRAM-SHA-256", "SCRAM-SHA-1", "DIGEST-MD5", "CRAM-MD5"])
        func gsasl(mechanism: String) throws {
            let port = host.postfix.smtpPort
            let accepted = try MailPrograms.gsasl(port: port, mechanism)
            #expect(accepted.succeeded, "\(accepted)")
            #expect(try !MailPrograms.gsasl(port: port, mechanism, as: .alice.with(password: "x")).succeeded)
            #expect(try !MailPrograms.gsasl(port: port, mechanism, as: Self.stranger).succeeded)
        }

        @Test("curl logs in, and is refused", arguments: ["CRAM-MD5", "PLAIN", "LOGIN"])
        func curl(mechanism: String) throws {
            let port = host.postfix.smtpPort
            #expect(try MailPrograms.curl(port: port, mechanism).succeeded)
            // 67 is curl's CURLE_LOGIN_DENIED.
            #expect(try MailPrograms.curl(port: port, mechanism, as: .alice.with(password: "x")).exit == .code(67))
            #expect(try MailPrograms.curl(port: port, mechanism, as: Self.stranger).exit == .code(67))
        }

        @Test("swaks logs in, and is refused", arguments: ["CRAM-MD5", "PLAIN", "LOGIN"])
        func swaks(mechanism: String) throws {
            let port = host.postfix.smtpPort
            let accepted = try MailPrograms.swaks(port: port, mechanism)
            #expect(accepted.succeeded, "\(accepted)")
            // 28 is swaks' code for a failed AUTH.
            #expect(try MailPrograms.swaks(port: port, mechanism, as: .alice.with(password: "x")).exit == .code(28))
        }

        @Test("Python's smtplib logs in, and is refused", arguments: ["CRAM-MD5", "PLAIN", "LOGIN"])
        func smtplib(mechanism: String) throws {
            let port = host.postfix.smtpPort
            let accepted = try MailPrograms.smtplib(port: port, mechanism)
            #expect(accepted.succeeded, "\(accepted)")
            #expect(try MailPrograms.smtplib(port: port, mechanism, as: .alice.with(password: "x")).exit == .code(77))
        }

        @Test("gatepost auth test logs in by all of them, against a server that has to prove itself")
        func authTest() throws {
            for mechanism in ["SCRAM-SHA-256", "SCRAM-SHA-1", "DIGEST-MD5", "CRAM-MD5", "PLAIN", "LOGIN"] {
                for (password, code) in [("wonderland", Int32(0)), ("x", 77)] {
                    let outcome = try ChildProcess.run([
                        Places.gatepost, "auth", "test", "-a", host.server.socket, "-M", mechanism, "alice", password,
                    ])
                    #expect(outcome.exit == .code(code), "\(mechanism): \(outcome)")
                }
            }
        }

        @Test("A stored SCRAM record lets its user in by SCRAM of its kind and by PLAIN, and by nothing else")
        func storedRecord() throws {
            let who = Credentials(user: "scram256", password: "pencil")
            let port = host.postfix.smtpPort
            #expect(try MailPrograms.gsasl(port: port, "SCRAM-SHA-256", as: who).succeeded)
            #expect(try MailPrograms.gsasl(port: port, "PLAIN", as: who).succeeded)
            for mechanism in ["SCRAM-SHA-1", "CRAM-MD5", "DIGEST-MD5"] {
                #expect(try !MailPrograms.gsasl(port: port, mechanism, as: who).succeeded)
            }
        }
    }

    @Suite(
        "Which mechanisms Postfix shows", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunPostfix, "needs root, postfix and the auth server (make test)"))
    struct MechanismFilterTests {
        private static let all = "plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256 external anonymous"

        // What Postfix 3.7.11 shows of Dovecot 2.3.19.1's mechanisms; it hides EXTERNAL by itself
        // (smtpd_sasl_mechanism_filter).
        @Test(
            "It filters by smtpd_sasl_security_options as it filters Dovecot's",
            arguments: [
                ("noanonymous", "PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256"),
                ("noplaintext", "CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256 ANONYMOUS"),
                ("noactive", "PLAIN LOGIN SCRAM-SHA-1 SCRAM-SHA-256 ANONYMOUS"),
                ("nodictionary", "PLAIN LOGIN SCRAM-SHA-1 SCRAM-SHA-256 ANONYMOUS"),
                ("mutual_auth", "DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256"),
                ("noanonymous,noplaintext,noactive", "SCRAM-SHA-1 SCRAM-SHA-256"),
                ("noanonymous,mutual_auth,nodictionary", "SCRAM-SHA-1 SCRAM-SHA-256"),
            ])
        func filter(security: String, mechanisms: String) async throws {
            try await MailHost.run(.init(processes: 1, security: security), mechanisms: Self.all) { host in
                let session = try SMTPConversation(port: host.postfix.smtpPort)
                let lines = try session.say("EHLO client.test").authLines
                #expect(lines.contains("AUTH \(mechanisms)"), "\(lines)")
            }
        }

        @Test("forward_secrecy leaves none, and smtpd dies as it does with Dovecot")
        func forwardSecrecy() async throws {
            try await MailHost.run(.init(processes: 1, security: "forward_secrecy"), mechanisms: Self.all) { host in
                #expect(throws: (any Error).self) {
                    let session = try SMTPConversation(port: host.postfix.smtpPort)
                    try session.say("EHLO client.test")
                }
                #expect(host.postfix.logs("fatal: no SASL authentication mechanisms"))
            }
        }

        @Test("noplaintext hides PLAIN and LOGIN before STARTTLS, and the others keep smtpd alive")
        func noPlaintext() async throws {
            let mechanisms = "scram-sha-256 digest-md5 cram-md5 anonymous plain login"
            try await MailHost.run(.init(form: "hardened"), mechanisms: mechanisms) { host in
                let session = try SMTPConversation(port: host.postfix.smtpPort)
                let lines = try session.say("EHLO client.test").authLines
                #expect(lines.contains("AUTH SCRAM-SHA-256 DIGEST-MD5 CRAM-MD5"), "\(lines)")
            }
        }
    }
}
