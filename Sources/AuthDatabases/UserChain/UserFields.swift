/// What is known of a user so far: fields in the order in which they were first set.
///
/// Setting one does what it does in Dovecot's `auth_request_set_userdb_field`.
struct UserFields: Sendable, Hashable {
    private(set) var list: [ExtraField] = []
    /// A database has asked for a temporary failure; nothing that follows takes it back.
    private(set) var hasFailedTemporarily = false
    /// The file whose owner the user's ids are.
    private(set) var ownerFile: String?
    /// What the log has to know.
    var errors: [String] = []

    subscript(name: String) -> String? {
        list.first { $0.name == name }.map { $0.value ?? "" }
    }

    /// Whether a prefetched or found record has anything.
    mutating func set(_ fields: [ExtraField], _ query: inout UserQuery) {
        for field in fields { set(field.name, field.value ?? "", &query) }
    }

    mutating func set(_ given: String, _ value: String, _ query: inout UserQuery) {
        var name = given[...]
        // `:protected` is Dovecot 2.3's word, `:default` 2.4's.
        for suffix in [":protected", ":default"] where name.hasSuffix(suffix) && name.utf8.count > suffix.utf8.count {
            name = name.dropLast(suffix.count)
            if self[String(name)] != nil { return }
        }
        if name.hasSuffix(":remove"), name.utf8.count > 7 {
            let removed = name.dropLast(7)
            return list.removeAll { $0.name == removed }
        }
        switch name {
        case "", " ": return
        case "tempfail": hasFailedTemporarily = true
        case "user", "username", "domain": rename(&query, String(name), value)
        case "uidgid_file": ownerFile = value
        case "userdb_import":
            for part in value.split(separator: "\t") {
                let equals = part.firstIndex(of: "=") ?? part.endIndex
                set(String(part[..<equals]), String(part[equals...].dropFirst()), &query)
            }
        case "system_user": put("system_groups_user", value)
        default: put(String(name), value)
        }
    }

    /// Replaces a value in its old place, or adds it at the end.
    mutating func put(_ name: String, _ value: String) {
        let field = ExtraField(name, value.isEmpty ? nil : value)
        if let index = list.firstIndex(where: { $0.name == name }) { list[index] = field } else { list.append(field) }
    }

    /// An id could not be found out.
    mutating func fail(_ error: String) {
        errors.append(error)
        hasFailedTemporarily = true
    }

    private mutating func rename(_ query: inout UserQuery, _ field: String, _ value: String) {
        let at = query.user.firstIndex(of: "@")
        let name: String =
            switch field {
            case "username" where !value.contains("@"): value + (at.map { query.user[$0...] } ?? "")
            case "domain": (at.map { query.user[..<$0] } ?? query.user[...]) + "@" + value
            default: value
            }
        guard !name.isEmpty else { return fail("username attempted to be changed to empty") }
        query.user = name
    }
}
