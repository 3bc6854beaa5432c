internal import AuthDatabases
internal import PasswordSchemes
internal import SASLMechanisms

/// One question's way through the databases, and what was made of the password that they had.
struct LoginRun: ~Copyable, Sendable {
    var chain: ChainRun
    private(set) var credential: StoredCredential?

    init(_ chain: consuming ChainRun) {
        self.chain = chain
    }

    /// Reports a verification to the chain.
    mutating func verify(_ body: () throws(PasswordSchemeError) -> Bool) {
        do throws(PasswordSchemeError) {
            chain.verified(try body())
        } catch {
            chain.verificationFailed(error)
        }
    }

    /// Reports a derivation to the chain.
    mutating func derived(_ result: CredentialDerivation.Result) {
        switch result {
        case .ready(let credential):
            self.credential = credential
            chain.derived(refusal: nil)
        case .unavailable(let text):
            chain.derived(refusal: text)
        case .costly:
            chain.derived(refusal: "the keys could not be derived")
        }
    }
}
