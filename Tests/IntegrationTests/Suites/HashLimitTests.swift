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
