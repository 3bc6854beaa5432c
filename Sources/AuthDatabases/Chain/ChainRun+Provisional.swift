extension ChainRun {
    /// Where to go back to if an answer that a change may have overtaken lets nobody in.
    struct Fallback: Sendable {
        /// What the answer may have changed.
        final class Before: Sendable {
            let query: UserQuery
            let fields: LoginFields

            init(_ query: UserQuery, _ fields: LoginFields) {
                self.query = query
                self.fields = fields
            }
        }

        /// Nil if the answer can't have changed anything.
        let before: Before?
        let recordCount: Int
        /// Which reading of the database it was from.
        let reading: UInt64
        /// Whether the password was compared, and was not this one.
        var isMismatch = false
    }

    /// Notes that an answer is provisional; false if it is no use and the database has to be asked again.
    mutating func accept(_ entry: PasswordEntry) -> Bool {
        guard entry.isProvisional else { return true }
        // Nobody is kept out by what may not hold any more.
        guard !chain.traits[index].isDenying else {
            query.acceptsProvisional = false
            query.isRepeated = true
            return false
        }
        let canChange = !entry.fields.isEmpty || !chain.traits[index].isPlain
        fallback = Fallback(
            before: canChange ? Fallback.Before(query, fields) : nil, recordCount: records.count, reading: entry.reading)
        return true
    }

    /// Whether the database says what it said before, and the password is already known not to be this one.
    func isKnownMismatch(_ entry: PasswordEntry) -> Bool {
        guard let fallback, fallback.isMismatch, !entry.isProvisional else { return false }
        return fallback.reading != 0 && fallback.reading == entry.reading
    }

    /// Asks the database again, if its answer was a provisional one and lets nobody in.
    ///
    /// - Returns: whether it is asked again.
    mutating func askAgain(after result: LookupResult) -> Bool {
        guard result != .success, query.acceptsProvisional, let fallback else { return false }
        if let before = fallback.before { (query, fields) = (before.query, before.fields) }
        records.removeSubrange(fallback.recordCount...)
        query.acceptsProvisional = false
        query.isRepeated = true
        phase = .lookingUp
        return true
    }
}
