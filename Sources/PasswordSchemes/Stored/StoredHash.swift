internal import Secrets

/// Stored data after parsing, by what it takes to check a password against them.
enum StoredHash: Sendable {
    /// Nothing matches: a locked or empty crypt(3) field.
    case never
    case cheap(any CheapHash)
    case costly(any CostlyHash)
}

/// Data that are checked in microseconds, without any memory to work in.
///
/// By reference, as ``CostlyHash``: a login hands its stored password on several times.
protocol CheapHash: AnyObject, Sendable {
    func matches(_ password: borrowing Secret, user: String) -> Bool
}

/// Data that are slow to check by design.
protocol CostlyHash: AnyObject, Sendable {
    var cost: HashingCost { get }

    /// The cost has been compared with the limits before.
    func matches(
        _ password: borrowing Secret, of scheme: PasswordScheme, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Bool
}
