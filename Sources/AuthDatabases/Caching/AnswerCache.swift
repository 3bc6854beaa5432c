/// Remembers answers of databases, and can be told to forget them (`doveadm auth cache flush`).
public protocol AnswerCache: Sendable {
    /// Forgets what is remembered of these users, or of everybody if the list is empty.
    ///
    /// - Returns: how many answers were forgotten.
    func forget(_ users: [String]) -> Int
}
