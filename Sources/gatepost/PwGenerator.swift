internal import PasswordSchemes
internal import Secrets

/// Makes the text to store for a new password.
struct PwGenerator {
    let scheme: PwScheme
    let user: String
    /// nil for schemes without a choice.
    let rounds: Int?

    /// - Parameter warn: gets what should be known about the choice.
    /// - Throws: ``PwError`` for rounds that the scheme doesn't take.
    init(_ scheme: PwScheme, rounds: Int?, user: String = "", warn: (String) -> Void) throws(PwError) {
        self.scheme = scheme
        self.user = user
        if let rounds, rounds > Int(UInt32.max) {
            throw PwError(description: "Invalid number of rounds: \(rounds)")
        }
        if let limits = scheme.rounds {
            self.rounds = try limits.accept(rounds, of: scheme.name, warn: warn)
        } else {
            if let rounds, rounds != 0 { warn("\(scheme.name) has no rounds: -r makes no difference") }
            self.rounds = nil
        }
        if scheme.scheme.isWeak {
            warn("\(scheme.name) is weak: Dovecot 2.4 refuses it unless auth_allow_weak_schemes = yes")
        }
    }

    /// `{SCHEME}data`
    func generate(_ password: borrowing Secret) throws(PwError) -> Secret {
        var workspace = HashingWorkspace()
        return try generate(password, using: &workspace)
    }

    func generate(_ password: borrowing Secret, using workspace: inout HashingWorkspace) throws(PwError) -> Secret {
        do throws(PasswordSchemeError) {
            return try scheme.scheme.generate(
                password, user: user, parameters: scheme.parameters(rounds: rounds), using: &workspace)
        } catch {
            switch error.code {
            case .tooCostly:
                throw PwError(
                    description: "Scheme \(error.scheme): such a hash is too costly, for it would be refused at login: "
                        + "\(error.detail); lower -r")
            case .needsUser:
                throw PwError(description: "Scheme \(error.scheme): \(error.detail); name the user with -u")
            default: throw PwError(description: error.description)
            }
        }
    }
}
