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
            let address = try SocketAddress(unixDomainSocketPath: server.socket)
            let transcripts = try Transcript.realClients()
            #expect(transcripts.count >= 19)
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
