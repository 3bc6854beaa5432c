public import AuthDatabases
public import SASLMechanisms
public import Secrets

/// Says whether a bearer token is good: what OAUTHBEARER and XOAUTH2 need, which are offered only with one.
///
/// Whether a token is a JWT to be verified or a string to be asked for at the provider's is the validator's affair.
public protocol TokenValidator: Sendable {
    /// Judges a token, however long that takes; the login fails temporarily if that is too long.
    ///
    /// - Parameters:
    ///   - token: as it was sent; only lent, and wiped afterwards.
    ///   - query: who wants to log in with it, from where, to what.
    /// - Throws: ``DatabaseFailure`` if it can't be found out now; for the mail user that is a temporary failure.
    func validate(_ token: SharedSecret, for query: UserQuery) async throws(DatabaseFailure) -> TokenVerdict
}
