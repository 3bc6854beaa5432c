internal import Secrets

/// What OAUTHBEARER's client and server say (RFC 7628).
///
/// As in Dovecot, the authzid names the user and must be there.
enum OAuthBearerMessage {
    /// `gs2-header ^A key=value ^A … ^A`.
    static func read(_ message: Span<UInt8>) throws(BearerMessageError) -> BearerToken {
        var front: [UInt8] = []
        while front.count < message.count, message[front.count] != BearerFields.separator {
            // A name, escaped, and the type of a channel binding.
            guard front.count < 4 * MessageLimits.name else { throw .malformed }
            front.append(message[front.count])
        }
        let header: GS2Header
        do throws(MechanismFailure) {
            header = try GS2Header(front[...])
        } catch {
            throw .malformed
        }
        guard front.count < message.count, header.text.count == front.count else { throw .malformed }
        if case .used = header.binding { throw .refused(.channelBindingUnsupported) }
        guard let user = header.authorizationID, !user.isEmpty else { throw .refused(.emptyUsername) }
        let fields = try BearerFields(message, from: front.count + 1)
        guard let token = fields.token else { throw .unsuitableToken }
        return BearerToken(
            user: user, token: Secret(copying: message.extracting(token)), host: fields.host, port: fields.port)
    }

    /// The JSON of RFC 7628 section 3.2.2.
    static func report(_ refusal: TokenRefusal) -> [UInt8] {
        var report = TokenErrorReport()
        report.append("status", refusal.status.rawValue)
        if let scope = refusal.scope { report.append("scope", scope) }
        if let url = refusal.openIDConfiguration { report.append("openid-configuration", url) }
        return report.json
    }
}
