import Testing

extension RealPeers {
    @Suite(
        "What Debian's fail2ban filter makes of the log", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.hasServer && Places.exists("/etc/fail2ban/filter.d/dovecot.conf"), "needs fail2ban"))
    struct Fail2banTests {
        private static let filter = "/etc/fail2ban/filter.d/dovecot.conf"
        private static let users = """
            alice:{PLAIN}wonderland
            nets:{PLAIN}secret::::::allow_nets=10.0.0.0/8
            away:{PLAIN}secret::::::nologin reason=On_holiday
            gone:{PLAIN}secret::::::fail
            hashed:{SHA256}QQTTb42iwlQ0n4WDZ5Pr4CngyVcGOjTJHC6SAxh7VjE=

            """

        /// A way to log in, and what is said in it: each text is AUTH's initial response or CONT's data; in it `$nonce`
        /// stands for what the server's last challenge has behind `r=` or `nonce=`.
        struct Attempt: Sendable, CustomStringConvertible {
            let description: String
            let mechanism: String
            let initial: String?
            let answers: [String]
            var isBase64 = true

            init(_ description: String, _ mechanism: String, _ initial: String?, _ answers: [String] = [], isBase64: Bool = true) {
                self.description = description
                self.mechanism = mechanism
                self.initial = initial
                self.answers = answers
                self.isBase64 = isBase64
            }

            func message(_ text: String, _ nonce: String) -> String {
                isBase64 ? Base64.encode(text.replacing("$nonce", with: nonce)) : text
            }
        }

        private static let zeros = String(repeating: "0", count: 32)
        private static let proof = String(repeating: "A", count: 43) + "="

        private static let failures: [Attempt] = [
            Attempt("a wrong password", "PLAIN", "\0alice\0wrong"),
            Attempt("an unknown user", "PLAIN", "\0nobody\0wrong"),
            Attempt("no password", "PLAIN", "\0alice\0"),
            Attempt("a password with a TAB", "PLAIN", "\0alice\0a\tb"),
            Attempt("no name", "PLAIN", "\0\0secret"),
            Attempt("a name that is refused", "PLAIN", "\0a b\0secret"),
            Attempt("broken PLAIN", "PLAIN", "alice"),
            Attempt("what is not base64", "PLAIN", "!!!", isBase64: false),
            Attempt("a user who may not log in", "PLAIN", "\0away\0secret"),
            Attempt("a user whose entry fails", "PLAIN", "\0gone\0secret"),
            Attempt("the wrong network", "PLAIN", "\0nets\0secret"),
            Attempt("a master user who is none", "PLAIN", "bob\0alice\0wonderland"),
            Attempt("a wrong password by LOGIN", "LOGIN", nil, ["alice", "wrong"]),
            Attempt("no name by LOGIN", "LOGIN", nil, [""]),
            Attempt("a wrong CRAM-MD5 response", "CRAM-MD5", nil, ["alice " + zeros]),
            Attempt("CRAM-MD5 for a user with a hash", "CRAM-MD5", nil, ["hashed " + zeros]),
            Attempt("CRAM-MD5 for an unknown user", "CRAM-MD5", nil, ["nobody " + zeros]),
            Attempt("a broken CRAM-MD5 response", "CRAM-MD5", nil, ["alice"]),
            Attempt(
                "a wrong DIGEST-MD5 response", "DIGEST-MD5", nil,
                ["username=\"alice\",nonce=\"$nonce\",cnonce=\"x\",nc=00000001,qop=auth,digest-uri=\"smtp/x\",response=\(zeros)"]),
            Attempt("a broken DIGEST-MD5 response", "DIGEST-MD5", nil, ["username=\"alice\""]),
            Attempt("a wrong SCRAM proof", "SCRAM-SHA-256", "n,,n=alice,r=abc", ["c=biws,r=$nonce,p=" + proof]),
            Attempt("SCRAM for an unknown user", "SCRAM-SHA-256", "n,,n=nobody,r=abc", ["c=biws,r=$nonce,p=" + proof]),
            Attempt("a wrong SCRAM nonce", "SCRAM-SHA-256", "n,,n=alice,r=abc", ["c=biws,r=xyz,p=" + proof]),
            Attempt("SCRAM with an unknown channel binding", "SCRAM-SHA-256", "p=tls-unique,,n=alice,r=abc"),
            Attempt("EXTERNAL without a certificate", "EXTERNAL", "alice"),
        ]

        private static let successes = [
            Attempt("the right password", "PLAIN", "\0alice\0wonderland"),
            Attempt("the right password by LOGIN", "LOGIN", nil, ["alice", "wonderland"]),
            Attempt("the right password of a hash", "PLAIN", "\0hashed\0correct horse"),
            Attempt("anonymous", "ANONYMOUS", "trace"),
        ]

        /// Makes an attempt from an address and returns the server's verdict.
        private static func make(_ attempt: Attempt, _ id: Int, from address: String?, _ auth: AuthConversation) throws -> String {
            var line = "AUTH\t\(id)\t\(attempt.mechanism)\tservice=smtp"
            if let address { line += "\trip=\(address)\tsession=s\(id)" }
            if let initial = attempt.initial { line += "\tresp=" + attempt.message(initial, "") }
            var answers = attempt.answers[...]
            var reply = try auth.say(line) ?? ""
            while reply.hasPrefix("CONT\t"), let answer = answers.popFirst() {
                let challenge = Base64.decode(String(reply.split(separator: "\t", omittingEmptySubsequences: false)[2]))
                reply = try auth.say("CONT\t\(id)\t" + attempt.message(answer, nonce(in: challenge))) ?? ""
            }
            return reply
        }

        private static func nonce(in challenge: String) -> String {
            if challenge.hasPrefix("r=") { return String(challenge.dropFirst(2).prefix { $0 != "," }) }
            guard let start = challenge.firstRange(of: "nonce=\"") else { return "" }
            return String(challenge[start.upperBound...].prefix { $0 != "\"" })
        }

        /// The addresses that the filter finds in a log, in the order of its lines, each once: every database that was
        /// asked has a line of its own, as in Dovecot.
        private static func addresses(in log: String, _ place: TemporaryDirectory) throws -> [String] {
            try place.write(log, to: "lines.log")
            let outcome = try ChildProcess.run(["fail2ban-regex", "-o", "ip", "\(place.path)/lines.log", filter])
            guard outcome.succeeded else { throw Failure("\(outcome)") }
            let found = outcome.output.split(separator: "\n").map(String.init)
            return found.indices.filter { $0 == 0 || found[$0] != found[$0 - 1] }.map { found[$0] }
        }

        @Test("Each failed login bans its address, in the file's shape and in syslog's, and nothing else bans anybody")
        func everyFailure() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            try place.write(Self.users, to: "accounts", mode: 0o644)
            let server = try ServerUnderTest(
                .init(
                    socket: "\(place.path)/auth", users: "\(place.path)/accounts",
                    mechanisms: "plain login cram-md5 digest-md5 scram-sha-256 external anonymous"))
            defer { server.stop() }
            let auth = try AuthConversation(server.socket)
            var id = 0
            for (attempts, word) in [(Self.failures, "FAIL\t"), (Self.successes, "OK\t")] {
                for attempt in attempts {
                    id += 1
                    let verdict = try Self.make(attempt, id, from: "192.0.2.\(id)", auth)
                    #expect(verdict.hasPrefix(word), "\(attempt): \(verdict)")
                    id += 1
                    _ = try Self.make(attempt, id, from: nil, auth)
                }
            }
            let ipv6 = try Self.make(Self.failures[0], 900, from: "2001:db8::5", auth)
            #expect(ipv6.hasPrefix("FAIL"))
            // The server has written its lines before it replies.
            let log = server.log
            let failed = Self.failures.indices.map { "192.0.2.\(2 * $0 + 1)" } + ["2001:db8::5"]
            guard ServerKind.current == .gatepost else {
                // The filter overlooks many of Dovecot's own lines.
                #expect(Set(try Self.addresses(in: log, place)).isStrictSubset(of: Set(failed)))
                return
            }
            #expect(try Self.addresses(in: log, place) == failed)
            let syslog = log.split(separator: "\n").map { line in
                // Jan  1 00:00:00 auth: Info: text
                let stamp = line.prefix(15), text = line.dropFirst(16)
                return "\(stamp) mail dovecot: " + text.replacing(" Info:", with: "")
            }
            #expect(try Self.addresses(in: syslog.joined(separator: "\n") + "\n", place) == failed)
            #expect(!log.contains("wonderland") && !log.contains("correct horse"))
        }
    }
}
