import AuthFixtures
import NIOCore
import Testing

extension RealPeers {
    /// AuthFixturesTests plays the same transcripts against Dovecot.
    @Suite(
        "The conversations of real clients", .timeLimit(.minutes(3)),
        .enabled(if: Requirement.canRunServer && ServerKind.current == .gatepost, "needs the auth server (make test)"))
    struct TranscriptTests {
        @Test("Every client hears what it needs to hear")
        func realClients() async throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let server = try ServerUnderTest(.init(socket: "\(place.path)/auth", failureDelay: "2 secs"))
            defer { server.stop() }
            let transcripts = try Transcript.realClients()
            #expect(transcripts.count >= 20)
            try await play(transcripts, to: server)
        }

        @Test("So do clients of protocol 1.3 and 1.4, on a socket that waits for their VERSION")
        func channelBindingClients() async throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            try place.write("alice:{PLAIN}wonderland\n", to: "accounts", mode: 0o644)
            let socket = "\(place.path)/auth"
            let server = try ServerUnderTest(
                .init(
                    socket: socket, users: "\(place.path)/accounts",
                    mechanisms: "scram-sha-256-plus scram-sha-256 plain login", failureDelay: "1 secs",
                    more: "service auth {\n  unix_listener \(socket) {\n    gatepost_greeting = version\n  }\n}\n"))
            defer { server.stop() }
            try await play(try Transcript.channelBindingClients(), to: server)
        }

        private func play(_ transcripts: [Transcript], to server: ServerUnderTest) async throws {
            let address = try SocketAddress(unixDomainSocketPath: server.socket)
            await withTaskGroup(of: Void.self) { group in
                for transcript in transcripts {
                    group.addTask {
                        do {
                            try await TranscriptClient(connectingTo: address).play(transcript)
                        } catch {
                            Issue.record("\(transcript.name): \(error)")
                        }
                    }
                }
            }
        }
    }
}
