import Testing

extension RealPeers {
    @Suite(
        "Salts of users who don't exist", .serialized, .timeLimit(.minutes(1)),
        .enabled(if: Requirement.hasServer && ServerKind.current == .gatepost, "Dovecot fails at once for them"))
    struct SaltTests {
        /// What a server that is just started tells SCRAM clients of each user: salt and count.
        private static func parameters(_ settings: String, in place: TemporaryDirectory) throws -> [String] {
            try place.write("alice:{PLAIN}wonderland\n", to: "accounts", mode: 0o644)
            let server = try ServerUnderTest(
                .init(
                    socket: "\(place.path)/auth", users: "\(place.path)/accounts", mechanisms: "scram-sha-256",
                    more: settings))
            defer { server.stop() }
            let auth = try AuthConversation(server.socket)
            return try ["alice", "nobody", "somebody"].enumerated().map { id, user in
                let first = Base64.encode("n,,n=\(user),r=abc")
                let reply = try auth.say("AUTH\t\(id + 1)\tSCRAM-SHA-256\tservice=smtp\tresp=\(first)") ?? ""
                #expect(reply.hasPrefix("CONT\t"), "\(reply)")
                let message = Base64.decode(String(reply.split(separator: "\t").last ?? ""))
                return message.split(separator: ",").dropFirst().joined(separator: ",")
            }
        }

        @Test("gatepost_secret_file keeps them over a restart, those of plain passwords too; without it all are new")
        func restart() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let settings = "gatepost_secret_file = \(place.path)/secret\n"
            let first = try Self.parameters(settings, in: place)
            #expect(Set(first).count == 3)
            #expect(first.allSatisfy { $0.hasPrefix("s=") && $0.hasSuffix(",i=4096") }, "\(first)")
            #expect(try Self.parameters(settings, in: place) == first)
            let other = try Self.parameters("", in: place)
            #expect(Set(first + other).count == 6)
            let mode = try ChildProcess.run(["stat", "-c", "%a", "\(place.path)/secret"])
            #expect(mode.output == "600\n")
        }

        @Test("The count is the configured one, for both kinds of users")
        func iterations() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let parameters = try Self.parameters("gatepost_scram_iterations = 5000\n", in: place)
            #expect(parameters.allSatisfy { $0.hasSuffix(",i=5000") }, "\(parameters)")
        }
    }
}
