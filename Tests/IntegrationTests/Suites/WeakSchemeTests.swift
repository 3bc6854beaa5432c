import Testing

extension RealPeers {
    @Suite(
        "Passwords in schemes that Dovecot 2.4 calls weak", .serialized, .timeLimit(.minutes(1)),
        .enabled(if: Requirement.hasServer && ServerKind.current == .gatepost, "needs the auth server (make test)"))
    struct WeakSchemeTests {
        /// doveadm pw made these.
        private static let users = """
            digest:{PLAIN-MD5}3cb4e732631f47e6eb961f34554b7cde
            bare:$1$vu2p4LJi$zusmzPkqnKcahDpLRADdQ.
            strong:{SHA256}QQTTb42iwlQ0n4WDZ5Pr4CngyVcGOjTJHC6SAxh7VjE=

            """
        private static let names = ["digest", "bare", "strong"]

        /// The replies to two rounds of logins, and what was logged of weak schemes.
        private func logIns(more: String) throws -> (replies: [String], told: [String]) {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            try place.write(Self.users, to: "users")
            let server = try ServerUnderTest(
                .init(socket: "\(place.path)/auth", users: "\(place.path)/users", more: more))
            defer { server.stop() }
            let client = try AuthConversation(server.socket)
            var replies: [String] = []
            for user in Self.names + Self.names {
                let login = Credentials(user: user, password: "correct horse")
                replies.append(try client.logIn(1, login) ?? "closed")
            }
            return (replies, server.log.split(separator: "\n").map(String.init).filter { $0.contains("weak password scheme") })
        }

        @Test("log in under a 2.3 configuration, with one warning for each user")
        func allowed() throws {
            let (replies, told) = try logIns(more: "")
            #expect(replies == (Self.names + Self.names).map { "OK\t1\tuser=\($0)" })
            #expect(told.count == 2)
            #expect(told.count { $0.contains("Warning: passwd-file(digest): weak password scheme PLAIN-MD5 is used") } == 1)
            #expect(told.count { $0.contains("Warning: passwd-file(bare): weak password scheme MD5-CRYPT is used") } == 1)
        }

        @Test("don't with auth_allow_weak_schemes = no, which the log gives as the reason")
        func refused() throws {
            let (replies, told) = try logIns(more: "auth_allow_weak_schemes = no\n")
            let expected = Self.names.map { name in
                name == "strong" ? "OK\t1\tuser=strong" : "FAIL\t1\tuser=\(name)\tcode=temp_fail"
            }
            #expect(replies == expected + expected)
            let isError = told.allSatisfy { $0.contains("Error: passwd-file(") && $0.contains("is refused") && $0.contains("auth_allow_weak_schemes = yes") }
            #expect(told.count == 4 && isError, "\(told)")
        }
    }
}
