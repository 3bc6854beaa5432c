import Testing

extension RealPeers {
    /// Runs against Dovecot itself as well (GATEPOST_REFERENCE=dovecot).
    @Suite(
        "What protocols have of their own", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunServer, "needs the auth server (make test)"))
    struct ProtocolTests {
        private func run(
            mechanisms: String = "plain", _ more: (TemporaryDirectory) -> String,
            _ body: (ServerUnderTest, TemporaryDirectory) throws -> Void
        ) throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            try place.write("alice:{PLAIN}wonderland\ncert:::::::nopassword\n", to: "people")
            var settings = ServerUnderTest.Settings(socket: "\(place.path)/auth", users: "\(place.path)/people")
            settings.mechanisms = mechanisms
            settings.more = more(place)
            let server = try ServerUnderTest(settings)
            defer { server.stop() }
            try body(server, place)
        }

        @Test("auth_realms is what DIGEST-MD5 offers to the clients of that protocol")
        func realms() throws {
            try run(mechanisms: "plain digest-md5") { _ in
                "auth_realms = example.com\nprotocol imap {\n  auth_realms = imap.example one.example\n}\n"
            } _: { server, _ in
                let auth = try AuthConversation(server.socket)
                for (id, service, realms) in [
                    (1, "imap", #"realm="imap.example",realm="one.example","#), (2, "smtp", #"realm="example.com","#),
                ] {
                    let challenge = try auth.say("AUTH\t\(id)\tDIGEST-MD5\tservice=\(service)") ?? ""
                    let prefix = "CONT\t\(id)\t"
                    #expect(challenge.hasPrefix(prefix))
                    #expect(Base64.decode(String(challenge.dropFirst(prefix.count))).hasPrefix(realms + "nonce="))
                }
            }
        }

        @Test("auth_anonymous_username is whom ANONYMOUS logs in for that protocol, or nobody")
        func anonymous() throws {
            try run(mechanisms: "plain anonymous") { _ in
                "protocol imap {\n  auth_anonymous_username = guest\n}\n"
                    + "protocol pop3 {\n  auth_anonymous_username =\n}\n"
            } _: { server, _ in
                let auth = try AuthConversation(server.socket)
                // printf trace | base64
                func answer(_ id: Int, _ service: String) throws -> String {
                    try auth.say("AUTH\t\(id)\tANONYMOUS\tservice=\(service)\tresp=dHJhY2U=") ?? ""
                }
                #expect(try answer(1, "imap").hasPrefix("OK\t1\tuser=guest\t"))
                #expect(try answer(2, "smtp").hasPrefix("OK\t2\tuser=anonymous\t"))
                // It would end Dovecot's auth process.
                guard ServerKind.current == .gatepost else { return }
                #expect(try answer(3, "pop3").hasPrefix("FAIL\t3"))
            }
        }

        @Test("Certificates are wanted, and their names taken, for that protocol only")
        func certificates() throws {
            try run(mechanisms: "plain external") { _ in
                "protocol pop3 {\n  auth_ssl_require_client_cert = yes\n  auth_ssl_username_from_cert = yes\n}\n"
            } _: { server, _ in
                let auth = try AuthConversation(server.socket)
                let plain = Credentials.alice.plain
                #expect(try auth.say("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(plain)") == "OK\t1\tuser=alice")
                #expect(
                    try auth.say("AUTH\t2\tPLAIN\tservice=pop3\tresp=\(plain)")
                        == "FAIL\t2\treason=Client didn't present valid SSL certificate")
                let given = "valid-client-cert\tcert_username=cert\tresp="
                // Dovecot reads a request before it knows the protocol's settings, and so takes no name here.
                guard ServerKind.current == .gatepost else { return }
                let taken = try auth.say("AUTH\t3\tEXTERNAL\tservice=pop3\t\(given)") ?? ""
                #expect(taken.hasPrefix("OK\t3\tuser=cert"), "\(taken)")
                #expect(try auth.say("AUTH\t4\tEXTERNAL\tservice=smtp\t\(given)")?.hasPrefix("FAIL\t4") == true)
            }
        }

        @Test(
            "gatepost_refuse_nologin = no passes nologin on, as Dovecot does",
            .enabled(if: ServerKind.current == .gatepost, "it is Gatepost's own"))
        func nologin() throws {
            try run { place in
                let people = "\(place.path)/more"
                return "gatepost_refuse_nologin = no\npassdb {\n  driver = passwd-file\n  args = \(people)\n}\n"
            } _: { server, place in
                try place.write("away:{PLAIN}secret::::::nologin reason=On_holiday\n", to: "more")
                let auth = try AuthConversation(server.socket)
                let answer = try auth.logIn(1, Credentials(user: "away", password: "secret"))
                #expect(answer == "OK\t1\tuser=away\tnologin\treason=On_holiday")
            }
        }

        @Test("A userdb of a protocol is asked first for that protocol, and for no other")
        func userDatabases() throws {
            try run { place in
                """
                protocol imap {
                  userdb {
                    driver = static
                    args = uid=1000 gid=1001 home=/imap/%u
                  }
                }
                userdb {
                  driver = static
                  args = uid=1000 gid=1001 home=/mail/%u
                }
                service auth {
                  unix_listener \(place.path)/x-userdb {
                    mode = 0600
                  }
                }

                """
            } _: { _, place in
                let stream = try LineStream.unix("\(place.path)/x-userdb")
                try stream.write("VERSION\t1\t1\n")
                #expect(try stream.readLine()?.hasPrefix("VERSION\t1\t") == true)
                #expect(try stream.readLine()?.hasPrefix("SPID\t") == true)
                for (id, service, home) in [(1, "imap", "/imap/alice"), (2, "smtp", "/mail/alice")] {
                    try stream.write("USER\t\(id)\talice\tservice=\(service)\n")
                    #expect(try stream.readLine() == "USER\t\(id)\talice\tuid=1000\tgid=1001\thome=\(home)")
                    try stream.write("USER\t1\(id)\tnobody-here\tservice=\(service)\n")
                    #expect(try stream.readLine() == "NOTFOUND\t1\(id)")
                }
            }
        }
    }
}
