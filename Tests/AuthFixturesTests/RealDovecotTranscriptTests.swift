import AuthFixtures
import DovecotOracle
import NIOCore
import Testing

/// The transcripts are only worth something if the original passes them.
@Suite("Transcripts against Dovecot 2.3", .serialized, .enabled(if: RealDovecot.isAvailable, "\(RealDovecot.skipNote)"))
struct RealDovecotTranscriptTests {
    @Test("Dovecot does what they say, but for the differences noted", .timeLimit(.minutes(2)))
    func realClients() async throws {
        let dovecot = try await RealDovecot()
        let address = try SocketAddress(unixDomainSocketPath: dovecot.clientSocket)
        let transcripts = try Transcript.realClients()
        await withTaskGroup(of: Void.self) { group in
            for transcript in transcripts {
                group.addTask {
                    do {
                        try await TranscriptClient(connectingTo: address).play(transcript)
                        #expect(transcript.dovecotDiffers == nil, "\(transcript.name): the difference is gone")
                    } catch {
                        #expect(transcript.dovecotDiffers != nil, "\(error)")
                    }
                }
            }
        }
        withExtendedLifetime(dovecot) {}
    }

    @Test("Its userdb socket as well", .timeLimit(.minutes(1)))
    func userDatabase() async throws {
        let dovecot = try await RealDovecot()
        let address = try SocketAddress(unixDomainSocketPath: dovecot.userdbSocket)
        for transcript in try Transcript.userDatabaseClients() {
            try await TranscriptClient(connectingTo: address).play(transcript)
        }
        withExtendedLifetime(dovecot) {}
    }
}
