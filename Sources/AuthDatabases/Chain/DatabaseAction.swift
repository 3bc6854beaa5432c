/// What follows from a database's answer (`result_success`, `result_failure`, `result_internalfail`).
public enum DatabaseAction: Sendable, Hashable {
    /// The search ends with what is known: success if an earlier database said so.
    case `return`
    case returnOK
    case returnFail
    /// The next database is asked.
    case `continue`
    /// The next database is asked; it is a success unless a later one says otherwise.
    case continueOK
    /// The next database is asked; it is a failure unless a later one says otherwise.
    case continueFail
}
