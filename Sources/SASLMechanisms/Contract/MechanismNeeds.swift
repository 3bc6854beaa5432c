/// What a server must have before it can offer a mechanism.
public enum MechanismNeeds: Hashable, Sendable {
    /// A password database that can say whether a password is right; any can.
    case verification
    /// A password database that shows what it has stored; shadow and PAM don't.
    case credentials
    /// A validator of bearer tokens.
    case token
    /// A mail server that tells the name in a client's certificate, and a password database.
    case certificate
    /// Nothing.
    case nothing
}
