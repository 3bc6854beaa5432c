import Encodings
import PasswordSchemes
import SASLMechanisms
import Secrets
import TestSupport
import Testing

@Suite("SCRAM with channel binding")
struct SCRAMChannelBindingTests {
    static let data: [UInt8] = Array(0..<32)
    static let salt = Array("0123456789abcdef".utf8)

    static func server(
        bindsChannel: Bool = true, offersChannelBinding: Bool = true, hash: SCRAMHash = .sha256
    ) -> ExchangeUnderTest {
        ExchangeUnderTest(
            SCRAMServerMechanism(
                hash, bindsChannel: bindsChannel, offersChannelBinding: offersChannelBinding,
                nonce: Array("server".utf8), decoys: .forTests))
    }

    static func client(_ binding: SCRAMChannelBinding, hash: SCRAMHash = .sha256) -> ClientUnderTest {
        ClientUnderTest(
            SCRAMClientMechanism(
                hash, preparedUser: "alice", password: Secret("secret"), nonce: Array("client".utf8),
                channelBinding: binding))
    }

    static func stored(_ hash: SCRAMHash = .sha256) -> StoredCredential? {
        SCRAMCredentials(password: Secret("secret"), salt: salt, iterations: 4096, hash: hash).map { .scram($0) }
    }

    @Test("Both ends of one TLS connection agree", arguments: ChannelBindingType.allCases, SCRAMHash.allCases)
    func agreement(type: ChannelBindingType, hash: SCRAMHash) throws {
        var server = Self.server(hash: hash)
        var client = Self.client(.used(ChannelBinding(type: type, data: Self.data)), hash: hash)
        let first = client.initialResponse() ?? ""
        #expect(first == "p=\(type.rawValue),,n=alice,r=client")
        let asked = server.step(.beginWith, first)
        #expect(asked == .fetch(Identity(authenticationID: "alice"), .scram(hash)))
        guard case .challengeWithChannelBinding(let challenge, type) = server.fetched(Self.stored(hash)) else {
            Issue.record("the server doesn't ask for the binding")
            return
        }
        let final = try client.respond(to: challenge)
        guard case .succeed(let message) = server.respond(final, binding: Self.data) else {
            Issue.record("the server refuses")
            return
        }
        try client.finish(message)
    }

    /// What the server says to the right client of another connection, or of none.
    private func verdict(binding: [UInt8]?) throws -> StepRecord {
        var server = Self.server()
        var client = Self.client(.used(ChannelBinding(type: .tlsExporter, data: Self.data)))
        _ = server.step(.beginWith, client.initialResponse() ?? "")
        guard case .challengeWithChannelBinding(let challenge, _) = server.fetched(Self.stored()) else {
            return .challenge("")
        }
        let final = try client.respond(to: challenge)
        guard let binding else { return server.step(.response, final) }
        return server.respond(final, binding: binding)
    }

    @Test("Another connection's data, less, more or none of them are no login")
    func otherConnections() throws {
        for other in [Array(Self.data.reversed()), Array(Self.data.dropLast()), Self.data + [0], [0]] {
            #expect(try verdict(binding: other) == .fail(.channelBindingMismatch))
        }
        // An empty binding would be what a client without TLS has, too.
        #expect(try verdict(binding: []) == .fail(.channelBindingMissing))
        #expect(try verdict(binding: nil) == .fail(.channelBindingMissing))
    }

    // RFC 5802 section 6 has the rules of this table.
    @Test(
        "Flag and mechanism must fit together",
        arguments: [
            ("n", true, true, MechanismFailure.channelBindingMissing),
            ("y", true, true, .channelBindingMissing),
            ("p=tls-unique", true, true, .channelBindingUnsupported),
            ("p=TLS-EXPORTER", true, true, .channelBindingUnsupported),
            ("p=", true, true, .invalidInput),
            ("p", true, true, .invalidInput),
            ("p=tls-exporter", false, true, .channelBindingUnsupported),
            ("p=tls-exporter", false, false, .channelBindingUnsupported),
            ("y", false, true, .downgradeAttack),
        ])
    func flags(flag: String, bindsChannel: Bool, isOffered: Bool, failure: MechanismFailure) {
        var server = Self.server(bindsChannel: bindsChannel, offersChannelBinding: isOffered)
        let step = server.step(.beginWith, "\(flag),,n=alice,r=client")
        #expect(step == .fail(failure))
    }

    @Test("A client that could bind is welcome where that isn't offered", arguments: ["n", "y"])
    func unadvertised(flag: String) {
        var server = Self.server(bindsChannel: false, offersChannelBinding: false)
        let step = server.step(.beginWith, "\(flag),,n=alice,r=client")
        #expect(step == .fetch(Identity(authenticationID: "alice"), .scram(.sha256)))
    }

    @Test("Binding data that nobody asked for are a fault of the engine")
    func unasked() {
        var server = Self.server(bindsChannel: false, offersChannelBinding: false)
        _ = server.step(.beginWith, "n,,n=alice,r=client")
        _ = server.fetched(Self.stored())
        let step = server.respond("c=biws,r=clientserver,p=AAAA", binding: Self.data)
        #expect(step == .fail(.outOfStep))
    }
}
