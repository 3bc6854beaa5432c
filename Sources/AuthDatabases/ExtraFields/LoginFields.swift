/// What the databases have said about one login beside passwords, and what follows from it.
///
/// Each field does what it does in Dovecot's `auth_request_set_field`, at the moment at which it is set: conditions are
/// judged, names changed, the rest kept for the reply. What an unsuccessful database has set is taken back, but for a
/// changed name.
struct LoginFields: Sendable {
    /// Where a field comes from decides what a password among them is.
    enum Origin {
        case defaults, entry, overrides
    }

    /// A condition is not met.
    var hasFailed = false
    /// Seconds since 1970 until when a success is held back.
    var delayUntil: Int?
    /// Whether a failure is told at once (`nodelay`).
    var isUndelayed = false
    /// What the log has to know.
    var notes: [ChainVerdict.Record.Event] = []

    private(set) var list = FieldList()
    /// For the prefetch userdb, without their prefix; nil if there are none.
    private(set) var userdb: FieldList?
    private var keptList = FieldList()
    private var keptUserdb: FieldList?
    /// Whether the fields may differ from those kept.
    private var hasChanged = false

    /// Adds what the mail server passes on of its client, for the reply, before any database is asked.
    mutating func forward(_ forwarded: [ExtraField]) {
        for field in forwarded { list.set("forward_" + field.name, field.value) }
        keptList = list
    }

    var allowsAnyPassword: Bool { list.contains("nopassword") }
    var skipsAuthentication: Bool { list.contains("noauthenticate") }

    /// Sets what a database has stored with a user.
    ///
    /// - Parameter hasPassword: whether a password that is not empty is stored with it.
    mutating func set(
        _ fields: [ExtraField], from origin: Origin, hasPassword: Bool, _ query: inout UserQuery, _ clock: DelayClock
    ) {
        hasChanged = true
        for field in fields {
            set(field.name, field.value ?? "", origin: origin, hasPassword: hasPassword, &query, clock)
        }
    }

    /// The database has succeeded: what it set stays.
    mutating func keep() {
        guard hasChanged else { return }
        forgetOneDatabase()
        keptList = list
        keptUserdb = userdb
        hasChanged = false
    }

    /// It has not.
    mutating func takeBack() {
        guard hasChanged else { return }
        list = keptList
        userdb = keptUserdb
        hasChanged = false
    }

    /// These two say something about one database only.
    private mutating func forgetOneDatabase() {
        list.remove("nopassword")
        list.remove("noauthenticate")
    }

    // MARK: One field

    private mutating func set(
        _ given: String, _ value: String, origin: Origin, hasPassword: Bool, _ query: inout UserQuery, _ clock: DelayClock
    ) {
        var name = given[...]
        // `:protected` is Dovecot 2.3's word, `:default` 2.4's.
        if let base = name.removing(suffix: ":protected") ?? name.removing(suffix: ":default") {
            guard !list.contains(String(base)) else { return }
            name = base
        } else if let base = name.removing(suffix: ":remove") {
            return list.remove(String(base))
        }
        guard !name.isEmpty else { return }
        switch name {
        case "password", "password_noscheme":
            // A driver has set one already; defaults come before it, and lose.
            notes.append(.error("Multiple password values not supported"))
            return
        case "user", "username", "domain":
            rename(&query, String(name), value)
        case "login_user":
            guard !value.isEmpty else {
                notes.append(.error("login_user has no name"))
                hasFailed = true
                return
            }
            // Dovecot begins anew each time, and never ends if the entries go round in a circle.
            guard query.masterUser == nil else {
                notes.append(.error("login_user=\(value) is passed over: the login is somebody else's already"))
                return
            }
            query.loginUser = value
        case "allow_nets":
            validate("allow_nets", value, query.remoteAddress)
        case "allow_real_nets":
            validate("allow_real_nets", value, query.realRemoteAddress ?? query.remoteAddress)
        case "fail":
            hasFailed = true
        case "delay_until":
            delay(value, clock)
        case "nodelay":
            isUndelayed = true
            list.set("nodelay", value)
            return
        case "noauthenticate":
            list.set("noauthenticate", value)
            list.set("nopassword", nil)
            return
        case "nopassword":
            if hasPassword, origin != .defaults, !skipsAuthentication {
                notes.append(.error("nopassword set but password is non-empty"))
            } else {
                list.set("nopassword", value)
            }
            return
        case "passdb_import":
            for part in value.split(separator: "\t") {
                let (name, value) = part.keyAndValue
                set(name, value, origin: origin, hasPassword: hasPassword, &query, clock)
            }
            return
        case "userdb_userdb_import":
            for part in value.split(separator: "\t") {
                let (name, value) = part.keyAndValue
                setUserdb(name, value, &query)
            }
            return
        case "nologin", "proxy":
            // Dovecot's login processes expect them without a value.
            list.set(String(name), nil)
            return
        default:
            guard let userdbName = name.removing(prefix: "userdb_") else {
                list.set(String(name), value)
                return
            }
            setUserdb(String(userdbName), value, &query)
        }
        // Kept, so that `:protected` finds it.
        list.set(String(name), value, isHidden: true)
    }

    private mutating func setUserdb(_ given: String, _ value: String, _ query: inout UserQuery) {
        var name = given[...]
        var fields = userdb ?? FieldList()
        defer { userdb = fields }
        if let base = name.removing(suffix: ":protected") ?? name.removing(suffix: ":default") {
            guard !fields.contains(String(base)) else { return }
            name = base
        } else if let base = name.removing(suffix: ":remove") {
            return fields.remove(String(base))
        }
        switch name {
        case "": return
        // A renaming is one wherever it stands.
        case "user", "username", "domain": rename(&query, String(name), value)
        default: fields.set(String(name), value)
        }
    }

    private mutating func rename(_ query: inout UserQuery, _ field: String, _ value: String) {
        let user = query.user
        let at = user.utf8.firstIndex(of: UInt8(ascii: "@"))
        let new: String =
            switch field {
            case "username" where !value.utf8.contains(UInt8(ascii: "@")): value + (at.map { user[$0...] } ?? "")
            case "domain": (at.map { user[..<$0] } ?? user[...]) + "@" + value
            default: value
            }
        guard !new.isEmpty else {
            notes.append(.error("username attempted to be changed to empty"))
            hasFailed = true
            return
        }
        query.user = new
    }

    private mutating func validate(_ field: String, _ value: String, _ address: String?) {
        var notes: [ChainVerdict.Record.Event] = []
        defer { self.notes += notes }
        let isAllowed = AllowedNetworks(value).contain(address) { network in
            notes.append(.conditionNotMet("\(field): Invalid network '\(network)'"))
        }
        guard !isAllowed else { return }
        hasFailed = true
        notes.append(
            .conditionNotMet(
                address.map { "\(field) check failed: IP \($0) not in allowed networks" }
                    ?? "\(field) check failed: Remote IP not known and 'local' missing"))
    }

    private mutating func delay(_ value: String, _ clock: DelayClock) {
        do throws(DelayClock.Fault) {
            delayUntil = try clock.delay(until: value) ?? delayUntil
        } catch {
            notes.append(.error(error.logText))
            hasFailed = true
        }
    }
}

extension Substring {
    fileprivate func removing(suffix: String) -> Substring? {
        // A suffix alone is a name.
        hasSuffix(suffix) && utf8.count > suffix.utf8.count ? dropLast(suffix.count) : nil
    }

    fileprivate func removing(prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }

    fileprivate var keyAndValue: (String, String) {
        guard let equals = utf8.firstIndex(of: UInt8(ascii: "=")) else { return (String(self), "") }
        return (String(self[..<equals]), String(self[index(after: equals)...]))
    }
}
