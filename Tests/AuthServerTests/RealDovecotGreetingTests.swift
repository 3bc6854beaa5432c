import DovecotOracle
import SASLMechanisms
import Testing

@testable import AuthServer

/// Postfix decides by these lines what to offer (`smtpd_sasl_security_options`).
@Suite("The mechanisms that Dovecot 2.3 announces", .enabled(if: RealDovecot.isAvailable, "\(RealDovecot.skipNote)"))
struct RealDovecotGreetingTests {
    @Test("Every mechanism that both have is announced in the same words", .timeLimit(.minutes(1)))
    func announcements() async throws {
        // Without SCRAM-SHA-512 and the -PLUS forms, which 2.3 lacks.
        let names = MechanismRegistry.known.mechanisms.map(\.name).filter { !$0.contains("512") && !$0.hasSuffix("-PLUS") }
        let dovecot = try await RealDovecot(mechanisms: names.joined(separator: " ").lowercased())
        let client = try SocketClient(dovecot.clientSocket)
        let theirs = await client.read(through: "\nDONE\n").lines.filter { $0.hasPrefix("MECH\t") }
        #expect(theirs.count == names.count)

        let connection = try ServedConnection([try MemoryUsers.aliceAndBob()]) {
            $0.mechanisms = try MechanismRegistry(names: names)
            $0.tokenValidator = NoTokens()
        }
        connection.open()
        let ours = try #require(connection.writes().first).lines.filter { $0.hasPrefix("MECH\t") }
        #expect(ours == theirs)
        withExtendedLifetime(dovecot) {}
    }
}
