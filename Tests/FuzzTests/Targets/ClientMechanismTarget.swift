import PasswordSchemes
import SASLMechanisms
import Secrets

/// The contract of `ClientMechanism`, whatever the server sends: it soon has nothing more to say, and a server that has
/// to prove itself is believed only after it did.
///
/// The first byte chooses the client's settings; the lines behind it are challenges, and the last one comes with OK.
enum ClientMechanismTarget {
    static func run(_ family: MechanismFamily, _ input: Span<UInt8>) throws(BrokenRule) {
        let (choices, rest) = input.choices
        let name = family.name(Int(choices >> 3) & 7)
        guard var client = client(family, name, choices) else { throw BrokenRule("no client for \(name)") }
        _ = client.initialResponse()
        var challenges = rest.lines[...]
        let last = choices & 2 == 0 ? nil : challenges.popLast().map { Array($0) }
        let mustProve = family == .scram || family == .digestMD5
        var answers = 0
        while let challenge = challenges.popFirst() {
            guard (try? client.respond(to: Array(challenge).span)) != nil else {
                try demand((try? client.respond(to: Array(challenge).span)) == nil, "\(name): an answer after giving up")
                if mustProve { try demand((try? client.finish(serverMessage: last)) == nil, "\(name): believed after all") }
                return
            }
            answers += 1
            try demand(answers <= 3, "\(name): a client that answers for ever")
        }
        guard (try? client.finish(serverMessage: last)) != nil, mustProve else { return }
        try demand(answers + (last == nil ? 0 : 1) >= 2, "\(name): a server was believed without a proof")
        try demand((try? client.respond(to: [0x61].span)) == nil, "\(name): an answer after the end")
    }

    private static func client(
        _ family: MechanismFamily, _ name: String, _ choices: UInt8
    ) -> (any ClientMechanism & ~Copyable)? {
        let user = FuzzAccount.user
        let sendsFirst = choices & 1 != 0
        let target: String? = choices & 4 != 0 ? "bob" : nil
        switch family {
        case .plain:
            return PlainClientMechanism(
                user: user, password: FuzzAccount.password, authorizationID: target, initialResponse: sendsFirst)
        case .login:
            return LoginClientMechanism(user: user, password: FuzzAccount.password, initialResponse: sendsFirst)
        case .cramMD5:
            return CramMD5ClientMechanism(user: user, password: FuzzAccount.password)
        case .digestMD5:
            return DigestMD5ClientMechanism(
                user: user, password: FuzzAccount.password, authorizationID: target, service: "smtp",
                host: "mail.example.com", randomness: .steady)
        case .scram:
            guard let hash = SCRAMHash.allCases.first(where: { name.hasPrefix($0.mechanismName) }) else { return nil }
            // The grammar is the same with few rounds, and a million inputs are done in seconds.
            return try? SCRAMClientMechanism(
                hash, user: user, password: FuzzAccount.password, authorizationID: target, randomness: .steady,
                channelBinding: name.hasSuffix("-PLUS")
                    ? .used(ChannelBinding(type: .tlsExporter, data: Array("binding".utf8))) : .impossible,
                iterations: 1...4, initialResponse: sendsFirst)
        case .external:
            return ExternalClientMechanism(authorizationID: target, initialResponse: sendsFirst)
        case .anonymous:
            return AnonymousClientMechanism(trace: user, initialResponse: sendsFirst)
        case .oauthbearer:
            return OAuthBearerClientMechanism(user: user, token: FuzzAccount.password, initialResponse: sendsFirst)
        case .xoauth2:
            return XOAuth2ClientMechanism(user: user, token: FuzzAccount.password, initialResponse: sendsFirst)
        }
    }
}

extension SCRAMHash {
    fileprivate var mechanismName: String {
        switch self {
        case .sha1: "SCRAM-SHA-1"
        case .sha256: "SCRAM-SHA-256"
        case .sha512: "SCRAM-SHA-512"
        }
    }
}
