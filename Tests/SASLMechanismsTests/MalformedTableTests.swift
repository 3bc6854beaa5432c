import SASLMechanisms
import Testing

/// The tables are the arguments of the suites that refuse their rows; a mechanism without one is found here.
@Suite("The tables of malformed messages")
struct MalformedTableTests {
    static let names = MechanismRegistry.known.mechanisms.map(\.name)
    private static let least = 20

    @Test("Every server has at least twenty different messages to refuse", arguments: names)
    func servers(name: String) throws {
        #expect(Set(serverMessages(name)).count >= Self.least)
    }

    @Test("Every client has at least twenty different ways of a server to refuse", arguments: names)
    func clients(name: String) {
        #expect(Set(HostileServer.ways(name).map(\.what)).count >= Self.least)
    }

    private func serverMessages(_ name: String) -> [[UInt8]] {
        switch name {
        case "PLAIN": PlainServerMechanismTests.malformed.map(\.message)
        case "LOGIN": LoginServerMechanismTests.malformed.map(\.message)
        case "CRAM-MD5": CramMD5ServerMechanismTests.malformed.map(\.message)
        case "DIGEST-MD5": DigestMD5ServerMechanismTests.malformed.map(\.message)
        case "EXTERNAL": ExternalServerMechanismTests.malformed.map(\.message)
        // ANONYMOUS takes anything, as Dovecot does; its table says what becomes of it.
        case "ANONYMOUS": AnonymousServerMechanismTests.traces.map(\.0)
        case "OAUTHBEARER": TokenMechanismTests.malformedBearer.map(\.0.message)
        case "XOAUTH2": TokenMechanismTests.malformedXOAuth2.map(\.0.message)
        case let name where name.hasPrefix("SCRAM-"):
            SCRAMServerMechanismTests.malformedFirst(bindsChannel: name.hasSuffix("-PLUS")).map(\.message)
        default: []
        }
    }
}
