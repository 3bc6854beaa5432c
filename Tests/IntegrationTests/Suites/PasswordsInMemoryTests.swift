import Glibc
import Testing

extension RealPeers {
    /// What a core dump would tell. `SECURITY.md` lists what stays best effort: the kernel's buffers, and swap.
    @Suite(
        "Passwords in the server's memory", .serialized, .timeLimit(.minutes(2)),
        .enabled(
            if: Requirement.canDumpServer && ServerKind.current == .gatepost,
            "needs root, gdb's gcore, doveadm and the auth server (make test)"))
    struct PasswordsInMemoryTests {
        /// A word that stands nowhere else: made anew for each run, so that no source or build has it.
        ///
        /// Longer than what the heap writes into a block that is given back (16 bytes), and than what the witness sends,
        /// whose exchange would else be written over what is looked for.
        private static func word(_ length: Int = 64) -> String {
            String((0..<length).map { _ in "abcdefghijkmnpqrstuvwxyz23456789".randomElement() ?? "x" })
        }

        /// Pieces of a text, one of which remains where others were written over.
        private static func pieces(of text: String) -> [String] {
            stride(from: 0, through: text.count - 16, by: 8).map { start in String(text.dropFirst(start).prefix(16)) }
        }

        private static func hash(_ password: String, _ scheme: String) throws -> String {
            let made = try ChildProcess.run(["doveadm", "pw", "-s", scheme, "-p", password])
            guard made.succeeded else { throw Failure("doveadm pw -s \(scheme): \(made)") }
            return made.output.split(separator: "\n").joined()
        }

        @Test("Once the logins are over, no password is left in it, however it came in", arguments: [false, true])
        func nothingIsLeft(isDebugged: Bool) throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let schemes = ["SHA512-CRYPT", "BLF-CRYPT", "SSHA256", "SCRAM-SHA-256", "CRAM-MD5", "ARGON2ID"]
            let users = schemes.map { Credentials(user: "user-\($0.lowercased())", password: Self.word()) }
            let lines = try zip(users, schemes).map { "\($0.user):\(try Self.hash($0.password, $1))\n" }
            let witness = "witness-\(Self.word(16))"
            try place.write(lines.joined() + "\(witness):!\n", to: "users")
            let server = try ServerUnderTest(
                .init(
                    socket: "\(place.path)/auth", users: "\(place.path)/users",
                    more: isDebugged ? "" : "auth_debug = no\n"))
            defer { server.stop() }
            let wrong = Self.word()
            for user in users { try logIn(server.socket, user, wrong) }
            // One more exchange of another user, so that what is kept of the last one is not what is looked for.
            #expect(
                try AuthConversation(server.socket).logIn(1, Credentials(user: witness, password: "x"))?
                    .hasPrefix("FAIL\t1\t") == true)

            let dump = try ChildProcess.run(
                ["gcore", "-o", "\(place.path)/core", String(server.processID)], within: .seconds(60))
            #expect(dump.succeeded, "\(dump)")
            let core = "\(place.path)/core.\(server.processID)"
            // The scan finds what is there.
            #expect(try occurrences(of: [witness], in: core) > 0)
            for user in users {
                #expect(try occurrences(of: Self.pieces(of: user.password), in: core) == 0, "\(user.user)")
                #expect(try occurrences(of: Self.pieces(of: user.passwordInBase64), in: core) == 0, "\(user.user), LOGIN")
                // The name stands before the password, and may stay.
                let secret = String(user.plain.dropFirst(user.plain.count - user.passwordInBase64.count + 8))
                #expect(try occurrences(of: Self.pieces(of: secret), in: core) == 0, "\(user.user), PLAIN")
            }
            #expect(try occurrences(of: Self.pieces(of: wrong), in: core) == 0, "a wrong password")
        }

        private func logIn(_ socket: String, _ user: Credentials, _ wrong: String) throws {
            let client = try AuthConversation(socket)
            #expect(try client.logIn(1, user) == "OK\t1\tuser=\(user.user)")
            #expect(try client.say("AUTH\t2\tPLAIN\tservice=smtp") == "CONT\t2\t")
            #expect(try client.say("CONT\t2\t\(user.plain)") == "OK\t2\tuser=\(user.user)")
            #expect(try client.say("AUTH\t3\tLOGIN\tservice=smtp") == "CONT\t3\tVXNlcm5hbWU6")
            #expect(try client.say("CONT\t3\t\(user.userInBase64)") == "CONT\t3\tUGFzc3dvcmQ6")
            #expect(try client.say("CONT\t3\t\(user.passwordInBase64)") == "OK\t3\tuser=\(user.user)")
            if user.user.contains("ssha256") {
                // So many at once that they are answered without a request of their own.
                for id in 100..<180 { try client.send("AUTH\t\(id)\tPLAIN\tservice=smtp\tresp=\(user.plain)") }
                for id in 100..<180 { #expect(try client.receive() == "OK\t\(id)\tuser=\(user.user)") }
                // The question is for the name.
                for message in [user.plain, "\(user.plain)!"] {
                    #expect(try client.say("AUTH\t9\tLOGIN\tservice=smtp") == "CONT\t9\tVXNlcm5hbWU6")
                    #expect(try client.say("CONT\t9\t\(message)")?.hasPrefix("FAIL\t9") == true)
                }
            }
            #expect(try client.logIn(4, user.with(password: wrong)) == "FAIL\t4\tuser=\(user.user)")
            // What is no base64, a mechanism that there isn't, a request that is given up, a line that never ends.
            try client.send("AUTH\t5\tPLAIN\tservice=smtp\tresp=\(user.plain)!")
            try client.send("AUTH\t6\tNONE\tservice=smtp\tresp=\(user.plain)")
            try client.send("AUTH\t7\tPLAIN\tresp=\(user.plain)")
            try client.send("AUTH\t8\tPLAIN\tservice=smtp\tresp=\(user.plain)\nCANCEL\t8")
            let broken = try LineStream.unix(socket)
            try broken.write("VERSION\t1\t2\nCPID\t1\nAUTH\t1\tPLAIN\tservice=smtp\tresp=\(user.plain)")
        }

        /// In how many lines, as grep sees them, one of the texts is.
        private func occurrences(of texts: [String], in file: String) throws -> Int {
            let words = ["grep", "-a", "-c", "-F"] + texts.flatMap { ["-e", $0] } + [file]
            let found = try ChildProcess.run(words, within: .seconds(30))
            guard found.exit == .code(0) || found.exit == .code(1) else { throw Failure("grep: \(found)") }
            return Int(found.output.split(separator: "\n").joined()) ?? 0
        }
    }
}
