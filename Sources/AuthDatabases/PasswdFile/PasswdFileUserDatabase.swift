/// A passwd-file as a user database: uid, gid, home and the `userdb_*` fields of each line.
///
/// It sees the same content as the password database on the same file, and changes of it at the same time.
public struct PasswdFileUserDatabase: UserDatabase {
    public let driver = "passwd-file"
    private let file: any PasswdFileSource
    /// Whether there may be other files, so that a missing one has no users.
    private let isOneOfMany: Bool
    private let usernameFormat: VariableTemplate?
    private let syntax: VariableTemplate.Syntax
    private let listsPasswordsOnly: Bool
    private let pool: BlockingPool

    /// - Parameters:
    ///   - file: the file, which a password database may use as well.
    ///   - usernameFormat: makes the name that is looked up from the one that is asked for; nil to take it as it is.
    ///   - syntax: of the variables in fields.
    ///   - listsPasswordsOnly: whether LIST tells users of whom the file has a password only; as in Dovecot, if there is
    ///     no other user database.
    ///   - pool: where names of accounts become numbers.
    public init(
        file: PasswdFileDatabase, usernameFormat: VariableTemplate? = nil, syntax: VariableTemplate.Syntax = .dovecot23,
        listsPasswordsOnly: Bool = true, pool: BlockingPool
    ) {
        self.file = file
        isOneOfMany = false
        self.usernameFormat = usernameFormat
        self.syntax = syntax
        self.listsPasswordsOnly = listsPasswordsOnly
        self.pool = pool
    }

    /// The same for files whose path has variables in it; their users can't be listed.
    public init(
        files: PasswdFilesDatabase, usernameFormat: VariableTemplate? = nil,
        syntax: VariableTemplate.Syntax = .dovecot23, pool: BlockingPool
    ) {
        file = files
        isOneOfMany = true
        self.usernameFormat = usernameFormat
        self.syntax = syntax
        listsPasswordsOnly = false
        self.pool = pool
    }

    public func immediateLookup(_ query: UserQuery) -> UserLookup? {
        switch file.immediateSnapshot(query) {
        case .success(let snapshot): answer(snapshot, query)
        case .failure(let failure): answer(failure)
        case nil: nil
        }
    }

    public func lookup(_ query: UserQuery) async -> UserLookup {
        switch await file.snapshot(query) {
        case .failure(let failure):
            return answer(failure)
        case .success(let snapshot):
            if let answer = answer(snapshot, query) { return answer }
            do {
                return try await pool.run { answer(snapshot, query, resolving: true) ?? .unknownUser }
            } catch {
                return .failed(DatabaseFailure("accounts can't be asked now: too many lookups are waiting"))
            }
        }
    }

    public func names() async throws(DatabaseFailure) -> (any UserNames)? {
        PasswdFileUserNames(snapshot: try await file.listedSnapshot(), withPasswordsOnly: listsPasswordsOnly)
    }

    public func reload() async throws(DatabaseFailure) {
        try await file.reload()
    }

    private func answer(_ failure: DatabaseFailure) -> UserLookup {
        isOneOfMany && failure.isMissing ? .unknownUser : .failed(failure)
    }

    /// Nil if an account has to be asked for and may not be.
    private func answer(_ snapshot: PasswdFileSnapshot, _ query: UserQuery, resolving: Bool = false) -> UserLookup? {
        guard let user = snapshot.user(usernameFormat?.expand(query) ?? query.user) else { return .unknownUser }
        var fields: [ExtraField] = []
        for (name, text) in [("uid", user.uid), ("gid", user.gid)] {
            guard let text else { continue }
            var number = text.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 } ? UInt32(text) : nil
            if number == nil {
                guard resolving else { return nil }
                let numbers = AccountNumbers(name == "uid" ? .user(text) : .group(text))
                if case .number(let resolved) = numbers { number = resolved }
            }
            // Dovecot takes no account of root's, and none of nobody's, for a user.
            guard let number, number != 0 else { return .unknownUser }
            fields.append(ExtraField(name, "\(number)"))
        }
        if let home = user.home { fields.append(ExtraField("home", home)) }
        do throws(DatabaseFailure) {
            for var field in user.fields {
                try field.expand(syntax, query)
                fields.append(field)
            }
        } catch {
            return .failed(error)
        }
        return .found(UserRecord(fields: fields))
    }
}

/// The names of a passwd-file, in its order.
private struct PasswdFileUserNames: UserNames {
    let snapshot: PasswdFileSnapshot
    let withPasswordsOnly: Bool
    private var position: Int? = 0

    init(snapshot: PasswdFileSnapshot, withPasswordsOnly: Bool) {
        self.snapshot = snapshot
        self.withPasswordsOnly = withPasswordsOnly
    }

    mutating func next() async throws(DatabaseFailure) -> [String]? {
        guard let start = position else { return nil }
        let names: [String]
        (names, position) = snapshot.names(from: start, atMost: 500, withPasswordsOnly: withPasswordsOnly)
        return names
    }
}
