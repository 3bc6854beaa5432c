public import AuthDatabases

/// A login that a login process has had checked, and that waits for the mail process that will serve the user.
public struct WaitingLogin: Sendable, Hashable {
    /// The user as the password databases have the name, and what the login process said of the client; known.
    public var query: UserQuery
    /// What the password databases said in `userdb_*` fields, without that prefix; nil if they had none.
    public var userdbFields: [ExtraField]?
    /// Whether the login is anonymous.
    public var isAnonymous: Bool

    public init(query: UserQuery, userdbFields: [ExtraField]? = nil, isAnonymous: Bool = false) {
        self.query = query
        self.query.isKnown = true
        self.userdbFields = userdbFields
        self.isAnonymous = isAnonymous
    }

    /// Takes the name that the user databases give.
    mutating func rename(to user: String) {
        guard query.user != user else { return }
        query.user = user
        // Dovecot looks at the last name; and nobody has given ANONYMOUS another one.
        if isAnonymous, query.mechanism.uppercased() == "ANONYMOUS" { query.originalUser = user }
        isAnonymous = false
    }

    /// What a mail process is told beside the user's record, in Dovecot's order.
    func fields(beside record: [ExtraField]) -> [ExtraField] {
        var fields = record
        if let master = query.masterUser, !record.contains(where: { $0.name == "master_user" }) {
            fields.append(ExtraField("master_user", master))
        }
        fields.append(ExtraField("auth_mech", query.mechanism.uppercased()))
        if isAnonymous { fields.append(ExtraField("anonymous")) }
        if let master = query.masterUser {
            fields.append(ExtraField("auth_user", master))
        } else if query.originalUser != query.user {
            fields.append(ExtraField("auth_user", query.originalUser))
        }
        return fields
    }
}
