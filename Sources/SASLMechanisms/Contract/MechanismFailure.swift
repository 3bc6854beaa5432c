/// Why a mechanism ended an exchange.
public enum MechanismFailure: Error, Hashable, Sendable {
    /// The engine said that the password is wrong, or the client's proof is; also if there is no such user.
    case wrongPassword
    /// A message of the mail client breaks the mechanism's grammar.
    case invalidInput
    /// There is no user name in it.
    case emptyUsername
    /// The client repeats another nonce than its own and the server's.
    case wrongNonce
    /// The client demands an extension that the server has to know (SCRAM's `m=`), or a security layer that it
    /// doesn't offer (DIGEST-MD5's `auth-int`).
    case unsupportedExtension
    /// The client binds to its TLS connection where the mechanism doesn't, or by a type that is unknown here.
    case channelBindingUnsupported
    /// The client doesn't bind to its TLS connection where the mechanism does, or the mail server delivered nothing
    /// to compare with.
    case channelBindingMissing
    /// The client's TLS connection is not the server's: somebody sits between.
    case channelBindingMismatch
    /// The client could have bound to its TLS connection and was told that the server can't.
    case downgradeAttack
    /// There is no client certificate, or no name in it.
    case unknownCertificateUser
    /// A bearer token was refused.
    case invalidToken
    /// Anonymous logins are not wanted.
    case anonymousRefused
    /// The engine fed what the mechanism had not asked for: a fault of this program, never of the peer.
    case outOfStep

    /// The words of Dovecot's log, where it has any.
    public var logText: String {
        switch self {
        case .wrongPassword: "Password mismatch"
        case .invalidInput: "invalid input"
        case .emptyUsername: "Empty username"
        case .wrongNonce: "Wrong nonce"
        case .unsupportedExtension: "Mandatory extension(s) not supported"
        case .channelBindingUnsupported: "Channel binding not supported"
        case .channelBindingMissing: "Channel binding missing"
        case .channelBindingMismatch: "Invalid channel binding data"
        case .downgradeAttack: "Potential downgrade attack detected"
        case .unknownCertificateUser: "username not known"
        case .invalidToken: "Token refused"
        case .anonymousRefused: "Anonymous login refused"
        case .outOfStep: "BUG: mechanism was driven out of step"
        }
    }
}
