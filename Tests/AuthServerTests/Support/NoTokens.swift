import AuthDatabases
import AuthServer
import SASLMechanisms
import Secrets

/// Finds every token wrong.
struct NoTokens: TokenValidator {
    func validate(_ token: SharedSecret, for query: UserQuery) async throws(DatabaseFailure) -> TokenVerdict {
        .invalid(TokenRefusal(.invalidToken))
    }
}
