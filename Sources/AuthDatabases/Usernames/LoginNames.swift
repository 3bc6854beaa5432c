/// The names of one login, each spelled for the databases.
public struct LoginNames: Sendable, Hashable {
    /// Whose password counts; nil if the name may not log in.
    public var user: String?
    /// The same as the mail client gave it.
    public var originalUser: String
    /// As whom to log in, if that is somebody else: ``user`` is a master user then.
    public var loginUser: String?
    /// What is wrong with one of the names.
    public var refusal: UsernameRefusal?
    /// Whether that is the authzid.
    public var isAuthorizationIDRefused = false
}
