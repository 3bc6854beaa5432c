/// What a client whose token is refused is told, unless the validator says better.
public struct TokenHints: Hashable, Sendable {
    /// The scope that a token must have; Dovecot 2.4 says `mail` if nothing is configured.
    public var scope: String
    /// The URL of the OpenID provider's configuration, if there is one.
    public var openIDConfiguration: String?

    public init(scope: String = "mail", openIDConfiguration: String? = nil) {
        self.scope = scope
        self.openIDConfiguration = openIDConfiguration
    }
}
