internal import Secrets

/// What one scheme, or a family of them, knows: reading its data and making new ones.
protocol SchemeImplementation: Sendable {
    /// Reads decoded data; `scheme` is the name they had, for errors.
    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash

    /// Makes the data, not yet encoded, for a new password.
    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret
}
