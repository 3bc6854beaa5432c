import PasswordSchemes
import SASLMechanisms
import Secrets
import TestSupport
import Testing

/// Our clients against our servers; others' clients and servers are in the integration tests.
@Suite("Client and server together")
struct RoundTripTests {
    /// What the databases of the test know.
    struct Account: Sendable {
        let user: String
        let password: String
    }

    static let accounts = [
        Account(user: "alice", password: "secret"),
        Account(user: "tim@example.com", password: "tanstaaftanstaaf"),
        Account(user: "a,b=c \"d\\e\"", password: "p,=\"\\"),
        Account(user: "jürgen", password: "geheimß €"),
        Account(user: "x", password: String(repeating: "long", count: 50)),
    ]

    private static var randomness: ExchangeRandomness {
        var generator = SeededGenerator(seed: 77)
        return ExchangeRandomness(using: &generator)
    }

    static let names = MechanismRegistry.known.mechanisms.map(\.name)
    static let binding = ChannelBinding(type: .tlsExporter, data: [UInt8](repeating: 7, count: 32))

    static func client(_ name: String, _ account: Account, initialResponse: Bool) throws -> ClientUnderTest {
        let password = Secret(account.password)
        switch name {
        case "PLAIN":
            return ClientUnderTest(
                PlainClientMechanism(user: account.user, password: password, initialResponse: initialResponse))
        case "LOGIN":
            return ClientUnderTest(
                LoginClientMechanism(user: account.user, password: password, initialResponse: initialResponse))
        case "CRAM-MD5":
            return ClientUnderTest(CramMD5ClientMechanism(user: account.user, password: password))
        case "DIGEST-MD5":
            return ClientUnderTest(
                DigestMD5ClientMechanism(
                    user: account.user, password: password, service: "smtp", host: "mail.example.com",
                    randomness: randomness))
        case "EXTERNAL":
            return ClientUnderTest(ExternalClientMechanism(initialResponse: initialResponse))
        case "ANONYMOUS":
            return ClientUnderTest(AnonymousClientMechanism(trace: account.user, initialResponse: initialResponse))
        case "OAUTHBEARER":
            return ClientUnderTest(
                OAuthBearerClientMechanism(
                    user: account.user, token: Secret("abc"), initialResponse: initialResponse))
        case "XOAUTH2":
            return ClientUnderTest(
                XOAuth2ClientMechanism(user: account.user, token: Secret("abc"), initialResponse: initialResponse))
        default:
            let hash = try #require(SCRAMHash.allCases.first { name.hasPrefix(Self.name($0)) })
            let mechanism = try SCRAMClientMechanism(
                hash, user: account.user, password: password, randomness: randomness,
                channelBinding: name.hasSuffix("-PLUS") ? .used(binding) : .impossible,
                initialResponse: initialResponse)
            return ClientUnderTest(mechanism)
        }
    }

    private static func name(_ hash: SCRAMHash) -> String {
        switch hash {
        case .sha1: "SCRAM-SHA-1"
        case .sha256: "SCRAM-SHA-256"
        case .sha512: "SCRAM-SHA-512"
        }
    }

    /// Plays the engine: one account, whose password is stored in plain text.
    private func verdict(
        _ name: String, _ client: inout ClientUnderTest, knows account: Account, finalAsChallenge: Bool
    ) throws -> StepRecord {
        var context = ExchangeContext.forTests
        context.certificateUser = account.user
        let offer = try #require(MechanismRegistry.known[name])
        var server = ExchangeUnderTest(offer, context)
        let first = client.initialResponse()
        var step = first.map { server.step(.beginWith, $0) } ?? server.step(.begin)
        for _ in 0..<10 {
            switch step {
            case .challenge(let message):
                step = server.step(.response, try client.respond(to: message))
            case .challengeWithChannelBinding(let message, let type):
                #expect(type == Self.binding.type)
                step = server.respond(try client.respond(to: message), binding: Self.binding.data)
            case .claim:
                step = server.step(.claimAccepted)
            case .check(let identity, let password):
                let isRight = identity.authenticationID == account.user
                    && (password == account.password || name == "EXTERNAL")
                step = server.step(isRight ? .correct : .incorrect)
            case .fetch(let identity, let kind):
                let isKnown = identity.authenticationID == account.user
                step = server.fetched(isKnown ? stored(account, kind) : nil, user: identity.authenticationID)
            case .validate(let user, let token, _, _):
                step = server.step(user == account.user && token == "abc" ? .validToken : .invalidToken)
            case .admitAnonymous(let trace):
                step = server.step(trace == account.user ? .correct : .incorrect)
            case .succeed(let message):
                if finalAsChallenge, let message {
                    let last = try client.respond(to: message)
                    #expect(last == "")
                    try client.finish()
                } else {
                    try client.finish(message)
                }
                return step
            case .fail:
                return step
            }
        }
        return step
    }

    private func stored(_ account: Account, _ kind: CredentialKind) -> StoredCredential? {
        let password = Secret(account.password)
        switch kind {
        case .scram(let hash):
            return SCRAMCredentials(plainPassword: password, user: account.user, hash: hash, decoys: .forTests)
                .map { .scram($0) }
        case .cramMD5:
            return .cramMD5(CramMD5Context(password: password))
        case .digestMD5(let user, let realm):
            return .digestMD5(DigestMD5Key(user: user.span, realm: realm.span, password: password))
        }
    }

    @Test("Every client logs in at its server, with and without an initial response", arguments: names, accounts)
    func success(name: String, account: Account) throws {
        for initialResponse in [true, false] {
            for finalAsChallenge in [true, false] {
                var client = try Self.client(name, account, initialResponse: initialResponse)
                let end = try verdict(name, &client, knows: account, finalAsChallenge: finalAsChallenge)
                guard case .succeed = end else {
                    Issue.record("\(name), \(account.user): \(end)")
                    continue
                }
                #expect(throws: ClientMechanismFailure.self) { _ = try client.respond(to: "more") }
            }
        }
    }

    static let secretMechanisms = names.filter { $0 != "ANONYMOUS" && $0 != "EXTERNAL" && !$0.contains("OAUTH") }

    @Test("No client logs in with a wrong password or as nobody", arguments: secretMechanisms)
    func failure(name: String) throws {
        let account = Self.accounts[0]
        for wrong in [Account(user: "alice", password: "Secret"), Account(user: "nobody", password: "secret")] {
            var client = try Self.client(name, wrong, initialResponse: true)
            let end = try verdict(name, &client, knows: account, finalAsChallenge: false)
            #expect(end == .fail(.wrongPassword))
        }
    }
}
