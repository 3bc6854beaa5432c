/// Who a mail client says it is.
public struct Identity: Hashable, Sendable {
    /// The authcid: whose password or credential is used.
    public var authenticationID: String
    /// The authzid: as whom to act; nil if that is the same.
    public var authorizationID: String?

    public init(authenticationID: String, authorizationID: String? = nil) {
        self.authenticationID = authenticationID
        self.authorizationID = authorizationID
    }
}
