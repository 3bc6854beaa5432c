import SASLMechanisms

/// Mechanisms that share a grammar.
enum MechanismFamily: String, CaseIterable {
    case plain, login, cramMD5 = "cram-md5", digestMD5 = "digest-md5", scram, external, anonymous, oauthbearer, xoauth2

    /// The mechanism's name; `choice` selects the hash and the channel binding of SCRAM.
    func name(_ choice: Int) -> String {
        switch self {
        case .plain: "PLAIN"
        case .login: "LOGIN"
        case .cramMD5: "CRAM-MD5"
        case .digestMD5: "DIGEST-MD5"
        case .scram:
            ["SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"][choice % 3] + (choice % 2 == 0 ? "" : "-PLUS")
        case .external: "EXTERNAL"
        case .anonymous: "ANONYMOUS"
        case .oauthbearer: "OAUTHBEARER"
        case .xoauth2: "XOAUTH2"
        }
    }
}

extension ExchangeContext {
    static func steady(certificateUser: String? = nil, offersChannelBinding: Bool = false) -> ExchangeContext {
        ExchangeContext(
            randomness: .steady, unixTime: 1_700_000_000, hostName: "mail.example.com", realms: ["example.com"],
            decoys: .steady, certificateUser: certificateUser, offersChannelBinding: offersChannelBinding)
    }
}

extension ExchangeRandomness {
    static let steady: ExchangeRandomness = {
        var generator = SteadyGenerator()
        return ExchangeRandomness(using: &generator)
    }()
}

extension DecoySecret {
    static let steady: DecoySecret = {
        var generator = SteadyGenerator()
        return DecoySecret(using: &generator)
    }()
}
