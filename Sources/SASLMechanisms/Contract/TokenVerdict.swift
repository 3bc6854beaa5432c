/// What a validator says of a token.
public enum TokenVerdict: Hashable, Sendable {
    /// It is good, and lets this user in.
    case valid(user: String)
    /// It isn't.
    case invalid(TokenRefusal)
}

/// Why a token was refused, in the words that OAUTHBEARER and XOAUTH2 have for the client.
public struct TokenRefusal: Hashable, Sendable {
    /// The error codes of RFC 6750 section 3.1, which RFC 7628 section 3.2.2 takes over.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        /// The message is malformed.
        case invalidRequest = "invalid_request"
        /// Expired, revoked, forged, or somebody else's.
        case invalidToken = "invalid_token"
        /// Good, but not for this.
        case insufficientScope = "insufficient_scope"
    }

    public var status: Status
    /// The scope that a token must have, if one does.
    public var scope: String?
    /// The URL of the OpenID provider's configuration, where a client can get a better token.
    public var openIDConfiguration: String?

    public init(_ status: Status, scope: String? = nil, openIDConfiguration: String? = nil) {
        self.status = status
        self.scope = scope
        self.openIDConfiguration = openIDConfiguration
    }
}
