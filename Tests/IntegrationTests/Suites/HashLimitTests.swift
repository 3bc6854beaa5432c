import Testing

extension RealPeers {
    @Suite(
        "Stored hashes that would cost too much", .serialized, .timeLimit(.minutes(1)),
        .enabled(
            if: Requirement.hasServer && ServerKind.current == .gatepost, "needs the auth server (make test)"))
    struct HashLimitTests {
        // crypt(5)'s most rounds take minutes, and doveadm pw's ARGON2ID 256 MiB.
        private static let users = """
            slow:{SHA512-CRYPT}$6$rounds=999999999$saltsalt$x
            large:{ARGON2ID}$argon2id$v=19$m=262144,t=3,p=1$1yGmretfIaiuLzhzPpIElw$Z40e3RvAAlF4Fa8tI8Pmsm77WCMYQCPk/2Rtymbsriw
            usual:{SHA512-CRYPT}$6$QhCiXkaq8Y72PrP2$IigN3.vTNk7IF0EjuI27Pj9MEypYLReASgd3q.L5d3.Xq8VNpseiLIhG7pF6piD1cjCvDYlJgcqpwRPHg8dKK/

            """

        /// The reply to a login with the right password of the two whose hashes are whole, and what was logged of it.
        private func logIn(_ user: String, more: String) throws -> (reply: String?, log: String, took: Duration) {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            try place.write(Self.users, to: "users")
            let server = try ServerUnderTest(
                .init(socket: "\(place.path)/auth", users: "\(place.path)/users", more: more))
            defer { server.stop() }
            let client = try AuthConversation(server.socket)
            let start = ContinuousClock.now
            let reply = try client.logIn(1, Credentials(user: user, password: "correct horse"))
            return (reply, server.log, ContinuousClock.now - start)
        }

        @Test("are an error that names the user, at once")
        func absurd() throws {
            let slow = try logIn("slow", more: "")
            #expect(slow.reply?.hasPrefix("FAIL\t1\tuser=slow") == true)
            #expect(slow.took < .seconds(5))
            #expect(
                slow.log.contains(
                    "Error: passwd-file(slow): Password data of scheme SHA512-CRYPT is too costly to check: "
                        + "it needs more time than allowed"), "\(slow.log)")
        }

        /// Every scheme whose data name a cost, with one that no server could bear.
        private static let absurdHashes: [(user: String, hash: String, reason: String)] = [
            ("sha512", "{SHA512-CRYPT}$6$rounds=999999999$saltsalt$x", "SHA512-CRYPT is too costly to check: it needs more time"),
            ("sha256", "{SHA256-CRYPT}$5$rounds=999999999$saltsalt$x", "SHA256-CRYPT is too costly to check: it needs more time"),
            ("bcrypt", "{BLF-CRYPT}$2y$31$6hXxpWOfdv96b1p8/zYQqOX/lLju/ZE.dkyDSpZ1Uh2xsdprm3bpC", "BLF-CRYPT is too costly to check: it needs more time"),
            ("yescrypt", "{CRYPT}$y$jTT$abcdefghijkl$x", "CRYPT is too costly to check: it needs more memory"),
            ("gost", "{CRYPT}$gy$jTT$abcdefghijkl$x", "CRYPT is too costly to check: it needs more memory"),
            ("scrypt", "{CRYPT}$7$zU..../....salt$x", "CRYPT is too costly to check: it needs more memory"),
            ("sha1", "{CRYPT}$sha1$4294967295$salt$x", "CRYPT is too costly to check: it needs more time"),
            ("sunmd5", "{CRYPT}$md5,rounds=4294963199$salt$x", "CRYPT is too costly to check: it needs more time"),
            ("pbkdf2", "{PBKDF2}$1$salt$4294967295$d12b884ffc5bad0f147b6459681abc34603ef9ce", "PBKDF2 is too costly to check: it needs more time"),
            ("scram1", "{SCRAM-SHA-1}2147483647,QUJD,T1xo96xtiHZquCn9JHoqzMmoNHY=,PrLPKFRRZ6WEdU0LNmsQtfsYvI4=", "SCRAM-SHA-1 is too costly to check: it needs more time"),
            ("scram256", "{SCRAM-SHA-256}2147483647,QUJD,mJk/MatjlGebsqJ6DMRNbgvle18JgpNzqPRJK09p7Cg=,aK9HyRlfjn/Cp8ndLUSurimTrxG99nh6LgCYkaOcLlI=", "SCRAM-SHA-256 is too costly to check: it needs more time"),
            ("argon2-memory", "{ARGON2ID}$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2g", "ARGON2ID is too costly to check: it needs more memory"),
            ("argon2-time", "{ARGON2I}$argon2i$v=19$m=64,t=4294967295,p=1$c29tZXNhbHQ$aGFzaGhhc2g", "ARGON2I is too costly to check: it needs more time"),
            ("otp", "{OTP}sha1 999999999 seed 8dd2bf90c078c0f8", "Password data is not valid for scheme OTP"),
            ("megabyte", "{SHA512-CRYPT}$6$" + String(repeating: "A", count: 1 << 20), "longer than any crypt(3) hash"),
        ]

        @Test("of whatever scheme, all at once, leave the others' logins alone")
        func everyScheme() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let lines = Self.absurdHashes.map { "\($0.user):\($0.hash)\n" }.joined()
            try place.write(lines + "alice:{PLAIN}wonderland\n", to: "users")
            let server = try ServerUnderTest(.init(socket: "\(place.path)/auth", users: "\(place.path)/users"))
            defer { server.stop() }
            let client = try AuthConversation(server.socket)
            for (number, user) in Self.absurdHashes.map(\.user).enumerated() {
                let login = Credentials(user: user, password: "correct horse")
                try client.send("AUTH\t\(number + 1)\tPLAIN\tservice=smtp\tresp=\(login.plain)")
            }
            #expect(try AuthConversation(server.socket).logIn(1, .alice) == "OK\t1\tuser=alice")
            for _ in Self.absurdHashes { #expect(try client.receive()?.hasPrefix("FAIL\t") == true) }
            #expect(try client.logIn(99, .alice) == "OK\t99\tuser=alice")
            let log = server.log.split(separator: "\n")
            for (user, _, reason) in Self.absurdHashes {
                let isTold = log.contains { $0.contains("Error: passwd-file(\(user)): ") && $0.contains(reason) }
                #expect(isTold, "\(user)")
            }
        }

        @Test("are those above the configured limits, and no others")
        func configured() throws {
            #expect(try logIn("usual", more: "").reply == "OK\t1\tuser=usual")
            #expect(try logIn("large", more: "").reply == "OK\t1\tuser=large")
            let large = try logIn("large", more: "gatepost_hash_memory_limit = 128 M\n")
            #expect(large.reply?.hasPrefix("FAIL") == true)
            #expect(large.log.contains("passwd-file(large): Password data of scheme ARGON2ID is too costly"))
            let usual = try logIn("usual", more: "gatepost_hash_time_limit = 1 msecs\n")
            #expect(usual.reply?.hasPrefix("FAIL") == true)
        }
    }
}
