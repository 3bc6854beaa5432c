public import PasswordSchemes

/// What a chain wants next.
public enum ChainStep: Sendable {
    /// Ask this one of ``PasswordDatabaseChain/links`` about ``ChainRun/query``, and report with
    /// ``ChainRun/lookedUp(_:)``.
    case lookUp(Int)
    /// Verify the password against this one, and report with ``ChainRun/verified(_:)`` or
    /// ``ChainRun/verificationFailed(_:)``.
    case verify(StoredPassword)
    /// The same, for its cost alone.
    case verifyInVain(StoredPassword)
    /// Make of this what a challenge-response mechanism needs, and report with ``ChainRun/derived(refusal:)``.
    case derive(StoredPassword)
    /// The same, for its cost alone.
    case deriveInVain(StoredPassword)
    case finished(ChainVerdict)
}

/// What a login needs the databases for.
public enum ChainPurpose: Sendable, Hashable {
    /// To say whether a password is right.
    case verification
    /// To show what is stored, for a mechanism that never sees the password.
    case credentials
    /// To say whether there is such a user who may log in; nothing is verified, and time tells it, as the answer does.
    case existence
}

/// What becomes of passwords that are stored in a scheme which Dovecot 2.4 calls weak.
public enum WeakSchemePolicy: Sendable, Hashable {
    /// They are verified, and the admin is warned.
    case allowed
    /// They are an error of the admin's: the login fails temporarily, as in Dovecot 2.4.
    case refused
}
