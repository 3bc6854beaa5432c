public import PasswordSchemes

/// What is stored of a user's password, in the form that a ``CredentialKind`` names.
public enum StoredCredential: Sendable {
    case scram(SCRAMCredentials)
    case cramMD5(CramMD5Context)
    case digestMD5(DigestMD5Key)
}
