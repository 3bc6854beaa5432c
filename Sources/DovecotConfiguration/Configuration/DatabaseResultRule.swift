/// What follows the answer of one database (`result_success`, `result_failure`, `result_internalfail`).
public enum DatabaseResultRule: String, Sendable, Equatable, CaseIterable {
    /// The login is good; no further database is asked.
    case returnOK = "return-ok"
    /// The result so far stands; no further database is asked.
    case `return` = "return"
    /// The login failed; no further database is asked.
    case returnFail = "return-fail"
    /// The result so far stands, and the next database is asked.
    case `continue` = "continue"
    /// The login is good so far, and the next database is asked.
    case continueOK = "continue-ok"
    /// The login failed so far, and the next database is asked.
    case continueFail = "continue-fail"
}
