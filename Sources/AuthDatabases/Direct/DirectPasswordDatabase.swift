package import PasswordSchemes

/// A password database that may hand out what it has stored of a user, for a thread to keep by value.
///
/// Most logins under load are of users of whom nothing is stored but a digest, and who were there a moment ago. For
/// them the database is not asked again: each thread compares with its own copy, as long as the database vouches for
/// the reading that the copy is from. Only what lets somebody in may be answered so; whatever else comes of it, the
/// question goes its whole way.
///
/// An object, since each line is given one: of a value in a box a copy is made by functions that look up how.
package protocol DirectPasswordDatabase: AnyObject, PasswordDatabase {
    /// Whether it is asked for the name as it is.
    var answersDirectly: Bool { get }

    /// Which reading of its users may still answer at this moment; 0 for none.
    ///
    /// To say so it may have to look whether they have changed, for about a microsecond, as an immediate lookup does;
    /// it never reads them.
    func directReading() -> UInt64

    /// Lends the digest and the salt of a user of whom nothing else is stored.
    ///
    /// - Returns: false if there is nothing to lend, or not of this reading any more.
    func lendDigest(of user: Span<UInt8>, reading: UInt64, _ body: (DigestAlgorithm, Span<UInt8>) -> Void) -> Bool
}

extension PasswordEntry {
    /// Whether there is nothing to be said but whether the password is right.
    var isDirect: Bool {
        fields.isEmpty && user == nil && !hasEmptyPassword && !password.isWeak && onVerification == nil
    }
}

extension PasswordDatabaseChain {
    /// The database whose word alone lets somebody in, if it answers directly: the first, without rules of its own.
    package var direct: (any DirectPasswordDatabase)? {
        guard ordinaryCount > 0, traits[0].isPlain, traits[0].action(after: .success) == .returnOK,
            let database = links[0].database as? any DirectPasswordDatabase, database.answersDirectly
        else { return nil }
        return database
    }
}
