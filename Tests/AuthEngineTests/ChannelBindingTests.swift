import AuthEngine
import AuthFixtures
import DovecotAuthProtocol
import Encodings
import PasswordSchemes
import SASLMechanisms
import Secrets
import TestSupport
import Testing

@Suite("Protocol 1.3 and 1.4")
struct ChannelBindingTests {
    private static let data = Array("what both ends of the TLS session know".utf8)
    private static let names = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN"]

    private func connection(minor: UInt32?, _ greeting: GreetingOrder = .afterVersion) throws -> ConnectionUnderTest {
        try ConnectionUnderTest(minorVersion: minor, mechanisms: Self.names) { $0.greeting = greeting }
    }

    private func base64(_ message: [UInt8]) -> String { String(decoding: Base64.encode(message.span), as: UTF8.self) }

    private func bytes(_ secret: borrowing Secret) -> [UInt8] {
        secret.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    private func client(_ binding: SCRAMChannelBinding) throws -> SCRAMClientMechanism {
        var generator = SeededGenerator(seed: 5)
        return try SCRAMClientMechanism(
            .sha256, user: "alice", password: Secret(copying: Array("secret".utf8).span),
            randomness: ExchangeRandomness(using: &generator), channelBinding: binding)
    }

    private static func stored() throws -> StoredCredential {
        let credentials = SCRAMCredentials(
            password: Secret(copying: Array("secret".utf8).span), salt: Array("0123456789abcdef".utf8), iterations: 4096,
            hash: .sha256)
        return .scram(try #require(credentials))
    }

    @Test("The rest of the greeting is asked for by VERSION, once", arguments: [0, 2, 3, 4, 99] as [UInt32])
    func greeting(minor: UInt32) throws {
        var connection = try connection(minor: nil)
        #expect(connection.send("VERSION\t1\t\(minor)") == .greet(minorVersion: minor))
        #expect(connection.send("CPID\t1") == .nothing)
        #expect(connection.send("VERSION\t1\t\(minor)") == .nothing)
        var other = try self.connection(minor: nil, .atConnect)
        #expect(other.send("VERSION\t1\t\(minor)") == .nothing)
    }

    @Test(
        "SCRAM binds to the client's TLS connection", arguments: ChannelBindingType.allCases,
        [(3, false), (4, true)] as [(UInt32, Bool)])
    func login(type: ChannelBindingType, _ sample: (minor: UInt32, finalResponseOK: Bool)) throws {
        var connection = try connection(minor: sample.minor)
        var client = try client(.used(ChannelBinding(type: type, data: Self.data)))
        let first = bytes(client.initialResponse() ?? Secret(copying: Span()))
        let flag = sample.finalResponseOK ? "\tfinal-resp-ok" : ""
        let question = connection.send("AUTH\t1\tSCRAM-SHA-256-PLUS\tprotocol=smtp\(flag)\tresp=\(base64(first))")
        guard case .reply(.bindingChallenge(1, let challenge, type.rawValue)) = connection.answer(question, try Self.stored())
        else {
            Issue.record("no challenge")
            return
        }
        let final = bytes(try client.respond(to: challenge.span))
        let action = connection.send("CONT\t1\t\(base64(final))\tchannel_binding=\(base64(Self.data))")
        if sample.finalResponseOK {
            guard case .reply(.success(1, user: "alice", let fields)) = action, let field = fields.first else {
                Issue.record("\(action)")
                return
            }
            #expect(field.name == "resp")
            guard let message = Base64.decode(Array((field.value ?? "").utf8).span) else {
                Issue.record("resp= is not base64")
                return
            }
            try client.finish(serverMessage: bytes(message))
        } else {
            guard case .reply(.challenge(1, let message)) = action else {
                Issue.record("\(action)")
                return
            }
            _ = try client.respond(to: message.span)
            try client.finish(serverMessage: nil)
            #expect(connection.send("CONT\t1\t") == .reply(.success(1, user: "alice", fields: [])))
        }
    }

    /// Draws the bytes 0, 1, 2 …, whose base64 form is the server's nonce in the transcript.
    private struct CountingGenerator: RandomNumberGenerator {
        private var byte: UInt64 = 0

        mutating func next() -> UInt64 {
            defer { byte += 8 }
            return (0..<8).reduce(0) { $0 | (byte + $1) << (8 * $1) }
        }
    }

    @Test("The client of another implementation hears what that implementation's server told it, to the letter")
    func recordedLogin() throws {
        let transcript = try Transcript.channelBindingLogin()
        var connection = try ConnectionUnderTest(minorVersion: 4, mechanisms: ["SCRAM-SHA-256-PLUS"]) { settings in
            settings.greeting = .afterVersion
            settings.exchangeContext = {
                var generator = CountingGenerator()
                let randomness = ExchangeRandomness(using: &generator)
                return ExchangeContext(
                    randomness: randomness, unixTime: 0, hostName: "mail.test", decoys: DecoySecret(using: &generator))
            }
        }
        // The salt and the password of the transcript.
        let derived = SCRAMCredentials(
            password: Secret(copying: Array("wonderland".utf8).span), salt: Array(0..<16), iterations: 4096, hash: .sha256)
        let credentials = try #require(derived)
        var reply: [UInt8] = []
        var count = 0
        // The handshake is the listener's.
        for step in transcript.steps.drop(while: { !$0.isAuthentication }) {
            switch step.event {
            case .clientLine(let line):
                var action = connection.send(String(decoding: line.example, as: UTF8.self))
                if case .check = action { action = connection.answer(action, .scram(credentials)) }
                guard case .reply(let said) = action else {
                    Issue.record("line \(step.lineNumber): \(action)")
                    return
                }
                said.encode(into: &reply)
            case .serverLine(let line):
                #expect(reply == line.example + [UInt8(ascii: "\n")], "line \(step.lineNumber)")
                reply = []
                count += 1
            default: break
            }
        }
        #expect(count == 2)
    }

    @Test("Another TLS connection, none, and what is not base64 fail", arguments: [
        ("\tchannel_binding=b3RoZXI=", "Invalid channel binding data"), ("", "Channel binding missing"),
        ("\tchannel_binding=", "Channel binding missing"), ("\tchannel_binding=!", "Channel binding missing"),
        ("\tbinding=b3RoZXI=", "Channel binding missing"),
    ])
    func wrong(field: String, log: String) throws {
        var connection = try connection(minor: 3)
        var client = try client(.used(ChannelBinding(type: .tlsExporter, data: Self.data)))
        let first = bytes(client.initialResponse() ?? Secret(copying: Span()))
        let question = connection.send("AUTH\t1\tSCRAM-SHA-256-PLUS\tservice=smtp\tresp=\(base64(first))")
        guard case .reply(.bindingChallenge(1, let challenge, _)) = connection.answer(question, try Self.stored()) else {
            Issue.record("no challenge")
            return
        }
        let final = bytes(try client.respond(to: challenge.span))
        #expect(connection.send("CONT\t1\t\(base64(final))\(field)") == .nothing)
        #expect(connection.pass(.seconds(2)) == [.reply(.failure(1, .init(user: "alice")))])
        #expect(connection.log().contains { $0.text.hasSuffix(log) })
    }

    @Test("A client that can't deliver it can't begin", arguments: [0, 1, 2] as [UInt32])
    func tooOld(minor: UInt32) throws {
        var connection = try connection(minor: minor)
        let action = connection.send("AUTH\t1\tSCRAM-SHA-256-PLUS\tservice=smtp")
        #expect(action == .reply(.failure(1, .init(reason: "Unsupported authentication mechanism"))))
    }

    // RFC 5802 section 6: "y" from a client that was told of -PLUS means that somebody took it out of the list.
    @Test("A client that could bind, and says that the server can't, was lied to, unless it was not told", arguments: [
        (3, .afterVersion, "y", false), (4, .afterVersion, "y", false), (3, .afterVersion, "n", true),
        (2, .afterVersion, "y", true), (4, .atConnect, "y", true),
    ] as [(UInt32, GreetingOrder, String, Bool)])
    func downgrade(minor: UInt32, greeting: GreetingOrder, flag: String, isWelcome: Bool) throws {
        var connection = try connection(minor: minor, greeting)
        let first = base64(Array("\(flag),,n=alice,r=client".utf8))
        let action = connection.send("AUTH\t1\tSCRAM-SHA-256\tservice=smtp\tresp=\(first)")
        guard case .check = action else {
            #expect(!isWelcome)
            #expect(connection.log().contains { $0.text.contains("Potential downgrade attack detected") })
            return
        }
        #expect(isWelcome)
    }

    @Test("CANCEL is answered from 1.4 on, whatever it is for", arguments: [2, 3, 4] as [UInt32])
    func cancelled(minor: UInt32) throws {
        var connection = try ConnectionUnderTest(minorVersion: minor)
        let answer = { (id: RequestID) in minor >= 4 ? ConnectionAction.reply(.cancelled(id)) : .nothing }
        #expect(connection.send("CANCEL\t9") == answer(9))
        _ = connection.send("AUTH\t1\tLOGIN\tservice=smtp")
        #expect(connection.send("CANCEL\t1") == answer(1))
        #expect(connection.send("CONT\t1\t") == .reply(.failure(1, .init(reason: "Authentication request timed out"))))
        let check = connection.send("AUTH\t2\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        #expect(connection.send("CANCEL\t2") == answer(2))
        #expect(connection.answer(check, .success(user: "alice")) == .nothing)
    }

    // Dovecot 2.4 sends both; before 1.4 the FAIL is the only answer.
    @Test("A FAIL that waits is replaced by CANCELLED from 1.4 on, and comes all the same before", arguments: [3, 4] as [UInt32])
    func cancelledFailure(minor: UInt32) throws {
        var connection = try ConnectionUnderTest(minorVersion: minor)
        let check = connection.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        _ = connection.answer(check, .wrongPassword)
        #expect(connection.send("CANCEL\t1") == (minor >= 4 ? .reply(.cancelled(1)) : .nothing))
        #expect(connection.pass(.seconds(3)) == (minor >= 4 ? [] : [.reply(.failure(1, .init(user: "alice")))]))
    }
}

extension Transcript.Step {
    fileprivate var isAuthentication: Bool {
        if case .clientLine(let line) = event { line.example.starts(with: Array("AUTH".utf8)) } else { false }
    }
}
