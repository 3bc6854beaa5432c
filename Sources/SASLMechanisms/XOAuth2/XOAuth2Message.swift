internal import Secrets

/// What XOAUTH2's client and server say: `user=NAME^Aauth=Bearer TOKEN^A^A`, and JSON of Google's.
enum XOAuth2Message {
    static func read(_ message: Span<UInt8>) throws(BearerMessageError) -> BearerToken {
        let fields = try BearerFields(loosely: message)
        guard let user = fields.user, !user.isEmpty else { throw .refused(.emptyUsername) }
        guard let token = fields.token else { throw .malformed }
        return BearerToken(user: user, token: Secret(copying: message.extracting(token)))
    }

    /// Numbers of HTTP, as Dovecot's; Google's own has the same members.
    static func report(_ refusal: TokenRefusal) -> [UInt8] {
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
