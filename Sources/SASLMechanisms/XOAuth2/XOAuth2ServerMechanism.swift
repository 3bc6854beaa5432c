internal import Secrets

/// The server's side of XOAUTH2, Google's forerunner of OAUTHBEARER: `user=NAME^Aauth=Bearer TOKEN^A^A`.
public struct XOAuth2ServerMechanism: ~Copyable, ServerMechanism {
    /// XOAUTH2 as a server offers it.
    public static let offer = OfferedMechanism(
        name: "XOAUTH2", properties: .plaintext, needs: .token
    ) { context in XOAuth2ServerMechanism(hints: context().tokenHints) }

    private var exchange: TokenExchange

    public init(hints: TokenHints = TokenHints()) {
        exchange = TokenExchange(hints: hints, read: Self.read, report: Self.report)
    }

    public mutating func step(_ input: consuming MechanismInput) -> MechanismStep {
        exchange.step(input)
    }

    private static func read(_ message: Span<UInt8>) throws(BearerMessageError) -> BearerToken {
        let fields = try BearerFields(loosely: message)
        guard let user = fields.user, !user.isEmpty else { throw .refused(.emptyUsername) }
        guard let token = fields.token else { throw .malformed }
        return BearerToken(user: user, token: Secret(copying: message.extracting(token)))
    }

    /// Numbers of HTTP, as Dovecot's; Google's own has the same members.
    private static func report(_ refusal: TokenRefusal) -> [UInt8] {
        var report = TokenErrorReport()
        switch refusal.status {
        case .invalidRequest: report.append("status", "400")
        case .invalidToken: report.append("status", "401")
        case .insufficientScope: report.append("status", "403")
        }
        report.append("schemes", "bearer")
        if let scope = refusal.scope { report.append("scope", scope) }
        if let url = refusal.openIDConfiguration { report.append("openid-configuration", url) }
        return report.json
    }
}
