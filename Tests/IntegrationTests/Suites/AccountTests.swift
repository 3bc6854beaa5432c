import Glibc
import Testing

extension RealPeers {
    /// Runs against Dovecot itself as well (GATEPOST_REFERENCE=dovecot).
    @Suite(
        "Accounts of the system", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunServer && Requirement.isRoot, "needs root and the auth server (make test)"))
    struct AccountTests {
        /// An account that exists for the length of `body`.
        private func withAccount(_ body: (_ name: String) throws -> Void) throws {
            let name = "gp\(getpid())"
            try command(["useradd", "--no-create-home", "--home-dir", "/nonexistent/a", "--shell", "/usr/sbin/nologin", name])
            Leftovers.shared.remember(name, command: "userdel \(name)")
            defer {
                try? command(["userdel", name])
                Leftovers.shared.forget(name)
            }
            try body(name)
        }

        private func command(_ words: [String], input: String = "") throws {
            let outcome = try ChildProcess.run(words, input: input)
            guard outcome.succeeded else { throw Failure("\(words): \(outcome)") }
        }

        private func run(_ more: String = "", _ body: (_ server: ServerUnderTest, _ master: LineStream) throws -> Void) throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            var settings = ServerUnderTest.Settings(socket: "\(place.path)/auth")
            settings.more = """
                auth_cache_size = 1M
                \(more)
                passdb {
                  driver = shadow
                }
                userdb {
                  driver = passwd
                }
                service auth {
                  unix_listener \(place.path)/x-master {
                    mode = 0600
                  }
                }

                """
            let server = try ServerUnderTest(settings)
            defer { server.stop() }
            let master = try LineStream.unix("\(place.path)/x-master")
            try master.write("VERSION\t1\t1\n")
            for _ in 0..<2 { _ = try master.readLine() }
            try body(server, master)
        }

        @Test("A password of shadow is remembered; another one is looked up, and CACHE-FLUSH forgets it")
        func shadow() throws {
            try withAccount { name in
                try run { server, master in
                    let auth = try AuthConversation(server.socket)
                    var id = 0
                    func isAccepted(_ password: String) throws -> Bool {
                        id += 1
                        let answer = try auth.logIn(id, Credentials(user: name, password: password))
                        return answer?.hasPrefix("OK\t\(id)\tuser=\(name)") == true
                    }
                    func change(to password: String) throws { try command(["chpasswd"], input: "\(name):\(password)\n") }

                    try change(to: "first")
                    #expect(try isAccepted("first"))
                    try change(to: "second")
                    #expect(try isAccepted("first"))
                    #expect(try isAccepted("second"))
                    #expect(try !isAccepted("first"))
                    try change(to: "third")
                    #expect(try isAccepted("second"))
                    try master.write("CACHE-FLUSH\t1\n")
                    #expect(try master.readLine() == "OK\t1\t1")
                    #expect(try !isAccepted("second"))
                    #expect(try isAccepted("third"))
                }
            }
        }

        @Test("What passwd has of a user is remembered until CACHE-FLUSH")
        func passwd() throws {
            try withAccount { name in
                try run { _, master in
                    func home(_ id: Int) throws -> Substring? {
                        try master.write("USER\t\(id)\t\(name)\tservice=smtp\n")
                        let fields = try master.readLine()?.split(separator: "\t") ?? []
                        #expect(fields.first == "USER")
                        return fields.first { $0.hasPrefix("home=") }
                    }
                    #expect(try home(1) == "home=/nonexistent/a")
                    try command(["usermod", "--home", "/nonexistent/b", name])
                    #expect(try home(2) == "home=/nonexistent/a")
                    try master.write("CACHE-FLUSH\t3\t\(name)\n")
                    #expect(try master.readLine() == "OK\t3\t1")
                    #expect(try home(4) == "home=/nonexistent/b")
                }
            }
        }

        @Test(
            "An account that is locked or was never opened, or has no password, is refused, whatever is typed",
            arguments: [["--lock"], ["--password", "*"], ["--password", "!"], ["--password", "!!"], ["--password", ""]])
        func closed(change: [String]) throws {
            try withAccount { name in
                try command(["chpasswd"], input: "\(name):first\n")
                try command(["usermod"] + change + [name])
                try run { server, _ in
                    let auth = try AuthConversation(server.socket)
                    for (number, password) in ["first", "", "*", "!", "x"].enumerated() {
                        let told = try auth.logIn(number + 1, Credentials(user: name, password: password)) ?? ""
                        #expect(told.hasPrefix("FAIL\t\(number + 1)\tuser=\(name)"), "\(password): \(told)")
                    }
                }
            }
        }

        @Test("An account or a password that has expired is refused, unless gatepost_shadow_expiry is off", .enabled(
            if: ServerKind.current == .gatepost, "with Dovecot it logs in"), arguments: [
                ["--expiredate", "2"], ["--lastday", "2020-01-01", "--maxdays", "10"], ["--lastday", "0"],
            ], [
                ("", "FAIL\t1\tuser=NAME\tcode=pass_expired"), ("gatepost_shadow_expiry = no", "OK\t1\tuser=NAME"),
            ])
        func expired(change: [String], setting: (String, String)) throws {
            let (setting, answer) = setting
            try withAccount { name in
                try command(["chpasswd"], input: "\(name):first\n")
                try command(["chage"] + change + [name])
                try run(setting) { server, _ in
                    let auth = try AuthConversation(server.socket)
                    let told = try auth.logIn(1, Credentials(user: name, password: "first")) ?? ""
                    #expect(told.hasPrefix(answer.replacing("NAME", with: name)), "\(told)")
                }
            }
        }
    }
}
