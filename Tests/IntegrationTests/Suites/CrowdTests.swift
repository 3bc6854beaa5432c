import Glibc
import Testing

extension RealPeers {
    /// Logins so many at a time that most are answered straight away, without a look at the file.
    @Suite(
        "Many logins at a time", .timeLimit(.minutes(2)),
        .enabled(if: Requirement.hasServer && ServerKind.current == .gatepost, "needs Gatepost (make test)"))
    struct CrowdTests {
        private static let users = 40

        private func line(_ user: Int, _ hash: String) -> String { "user\(user):\(hash)\n" }

        private func hash(_ password: String) throws -> String {
            let made = try ChildProcess.run(["doveadm", "pw", "-s", "SSHA256", "-p", password])
            guard made.succeeded else { throw Failure("doveadm pw: \(made)") }
            return made.output.split(separator: "\n").joined()
        }

        /// Sends a hundred logins in one go, every tenth with a wrong password, and checks each reply.
        private func crowd(_ client: AuthConversation, _ password: String, from first: Int) throws {
            var expected: [Int: String] = [:]
            for id in first..<first + 100 {
                let isWrong = id % 10 == 7
                let who = Credentials(user: "user\(id % Self.users)", password: isWrong ? password + "x" : password)
                expected[id] = isWrong ? "FAIL\t\(id)\tuser=\(who.user)" : "OK\t\(id)\tuser=\(who.user)"
                try client.send("AUTH\t\(id)\tPLAIN\tservice=smtp\tsecured\trip=192.0.2.1\tno-penalty\tresp=\(who.plain)")
            }
            for _ in 0..<100 {
                let reply = try client.receive() ?? ""
                let id = reply.split(separator: "\t").dropFirst().first.flatMap { Int($0) } ?? 0
                #expect(expected.removeValue(forKey: id) == reply)
            }
        }

        @Test("Each of thousands is told what is its own, and a changed password counts within a moment")
        func crowd() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let (old, new) = try (hash("old-secret"), hash("new-secret"))
            try place.write((0..<Self.users).map { line($0, old) }.joined(), to: "users")
            let server = try ServerUnderTest(
                .init(
                    socket: "\(place.path)/auth", users: "\(place.path)/users",
                    more: "auth_failure_delay = 0\nauth_debug = no\nauth_verbose = yes\n"))
            defer { server.stop() }
            let client = try AuthConversation(server.socket)
            for round in 0..<30 { try crowd(client, "old-secret", from: 1 + round * 100) }
            // All but one have a new one; the last has none any more.
            try place.write((0..<Self.users - 1).map { line($0, new) }.joined(), to: "users.new")
            try #require(unsafe rename("\(place.path)/users.new", "\(place.path)/users") == 0)
            usleep(50_000)
            let last = Credentials(user: "user\(Self.users - 1)", password: "old-secret")
            for id in 4001..<4100 {
                #expect(
                    try client.logIn(id, Credentials(user: "user1", password: "old-secret")) == "FAIL\t\(id)\tuser=user1")
                #expect(try client.logIn(id, Credentials(user: "user1", password: "new-secret")) == "OK\t\(id)\tuser=user1")
                #expect(try client.logIn(id, last) == "FAIL\t\(id)\tuser=\(last.user)")
            }
            #expect(server.log.contains("passwd-file(user7,192.0.2.1): Password mismatch"))
        }
    }
}
