extension PasswdFileDatabase {
    /// What all who ask for users share.
    struct Content: Sendable {
        var state = PasswdFileState.unread
        /// Of the state, if that is loaded.
        var recent = RecentEntries(users: 0, seed: 0)
        var budget = LookBudget()
        /// When somebody saw that the file is not what was read, by the kernel's clock.
        var changed: Int64?
        var isReading = false
        /// Why the last reading failed; nil if it didn't.
        var lastFailure: DatabaseFailure?
        /// The log knows that old content stays in force.
        var isOldContentTold = false
        /// Lookups that wait for the one reading.
        var waiting: [CheckedContinuation<DatabaseFailure?, Never>] = []
        /// Who waits until users can be let in.
        var waitingForOutline: [CheckedContinuation<DatabaseFailure?, Never>] = []

        mutating func takeAllWaiting() -> [CheckedContinuation<DatabaseFailure?, Never>] {
            waiting.take() + takeWaitingForOutline()
        }

        mutating func takeWaitingForOutline() -> [CheckedContinuation<DatabaseFailure?, Never>] {
            waitingForOutline.take()
        }
    }
}

extension Array {
    /// Empties it, and returns what was in it.
    fileprivate mutating func take() -> [Element] {
        defer { self = [] }
        return self
    }
}
