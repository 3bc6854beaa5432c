import AuthDatabases
import Testing

/// Expectations recorded from Dovecot 2.3.19.1; see Tests/Recordings/masters/chain.txt and its neighbours.
@Suite("A lookup's way through the user databases")
struct UserChainTests {
    /// A database that knows what it is told.
    private struct Known: UserDatabase {
        var driver = "known"
        var users: [String: UserLookup]

        func lookup(_ query: UserQuery) async -> UserLookup { users[query.user] ?? .unknownUser }
    }

    private func record(_ fields: String, user: String? = nil) -> UserLookup {
        .found(UserRecord(user: user, fields: Self.fields(fields)))
    }

    private static func fields(_ text: String) -> [ExtraField] {
        text.split(separator: " ").map { word in
            let parts = word.split(separator: "=", maxSplits: 1)
            return ExtraField(String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
        }
    }

    private func templates(_ text: String) throws -> [FieldTemplate] {
        try Self.fields(text).map { field in
            FieldTemplate(field.name, try field.value.map { try VariableTemplate(parsing: $0, syntax: .dovecot23) })
        }
    }

    private func rules(_ change: (inout UserDatabaseRules) throws -> Void = { _ in }) rethrows -> UserDatabaseRules {
        var rules = UserDatabaseRules()
        try change(&rules)
        return rules
    }

    /// The verdict in the words of the protocol.
    private func answer(
        _ chain: UserDatabaseChain, _ user: String, prefetched: String? = nil, known: [String: UserConfirmation] = [:],
        isLogin: Bool = false
    ) async -> String {
        var query = UserQuery(user: user, service: "smtp")
        query.isKnown = isLogin
        var run = chain.begin(query, prefetched: prefetched.map(Self.fields))
        for _ in 0..<100 {
            switch run.next() {
            case .lookUp(let index): run.lookedUp(await chain.links[index].database.lookup(run.query))
            case .confirm: run.confirmed(known[run.query.user] ?? .unknown)
            case .resolve(.user("daemon")): run.resolved(.number(1))
            case .resolve(.group("bin")): run.resolved(.number(2))
            case .resolve(.owner("/srv/mail")): run.resolved(.owner(user: 8, group: 9))
            case .resolve(let reference): run.resolved(.unknown("no \(reference)"))
            case .finished(let verdict):
                switch verdict.outcome {
                case .found(let user, let fields):
                    return ([user] + fields.map { field in field.value.map { "\(field.name)=\($0)" } ?? field.name })
                        .joined(separator: " ")
                case .unknownUser: return "NOTFOUND"
                case .failed(let reason): return reason.map { "FAIL \($0)" } ?? "FAIL"
                }
            }
        }
        return "does not end"
    }

    private var alice: Known { Known(users: ["alice": record("uid=1000 gid=1001 home=/home/alice")]) }
    private var broken: Known { Known(users: ["alice": .failed(DatabaseFailure("broken")), "bob": .failed(DatabaseFailure("broken"))]) }

    @Test("A record is told as it is, and an unknown user is unknown")
    func simple() async {
        #expect(await answer(.init([alice]), "alice") == "alice uid=1000 gid=1001 home=/home/alice")
        #expect(await answer(.init([alice]), "bob") == "NOTFOUND")
    }

    @Test("The recorded chain: defaults, overrides, :protected, :remove, skip and continue-ok", arguments: [
        ("alice", "alice quota=1 class=overridden uid=1000 gid=1001 mail=/protected more=yes"),
        ("bob", "bob quota=1 class=overridden uid=1002 gid=1002 mail=maildir:~/Maildir quota_rule=*:storage=1G more=yes"),
        ("noids", "noids quota=1 class=overridden mail=/protected more=yes uid=4000 gid=4000"),
        ("nobody-here", "nobody-here uid=5000 gid=5000 home=/last/nobody-here last=yes"),
        ("tempfail", "FAIL"),
        ("renamed", "somebody@else.example quota=1 class=overridden uid=1000 gid=1000 mail=/protected"),
    ])
    func recorded(_ user: String, _ expected: String) async throws {
        let file = Known(users: [
            "alice": record("uid=1000 gid=1001 home=/home/alice"),
            "bob": record("uid=1002 gid=1002 home=/home/bob mail=maildir:~/Maildir quota_rule=*:storage=1G"),
            "noids": record("home=/home/noids"),
            "tempfail": record("uid=1000 gid=1000 home=/home/tempfail tempfail"),
            "renamed": record("uid=1000 gid=1000 home=/home/renamed user=somebody@else.example"),
        ])
        let chain = UserDatabaseChain(links: [
            .init(
                file,
                try rules {
                    $0.defaultFields = try templates("home=/default/%u quota=1 class=first")
                    $0.overrideFields = try templates("class=overridden mail:protected=/protected home:remove")
                    $0.onSuccess = .continueOK
                }),
            .init(
                StaticUserDatabase(fields: try templates("more=yes uid:protected=4000 gid:protected=4000")),
                rules {
                    $0.skip = .ifNotFound
                    $0.onSuccess = .return
                }),
            .init(
                StaticUserDatabase(fields: try templates("uid=5000 gid=5000 home=/last/%u"), allowsAllUsers: true),
                try rules {
                    $0.skip = .ifFound
                    $0.overrideFields = try templates("last=yes")
                }),
        ])
        let known = Dictionary(uniqueKeysWithValues: ["alice", "bob", "noids", "tempfail"].map {
            ($0, UserConfirmation.known(user: $0, userdbFields: nil))
        })
        #expect(await answer(chain, user, known: known) == expected)
    }

    @Test("An internal failure outweighs an unknown user, and a record outweighs it")
    func failures() async {
        #expect(await answer(.init([broken, alice]), "alice") == "alice uid=1000 gid=1001 home=/home/alice")
        #expect(await answer(.init([broken, alice]), "bob") == "FAIL")
        let final = rules { $0.onFailure = .returnFail }
        #expect(await answer(.init(links: [.init(broken), .init(alice, final)]), "bob") == "FAIL")
    }

    @Test("Each result rule does what it says", arguments: [
        (UserDatabaseRules.Action.returnOK, "alice uid=1"), (.return, "NOTFOUND"), (.returnFail, "NOTFOUND"),
        (.continue, "alice uid=1 gid=2"), (.continueOK, "alice uid=1 gid=2"), (.continueFail, "alice uid=1 gid=2"),
    ])
    func actions(_ action: UserDatabaseRules.Action, _ expected: String) async {
        let first = Known(users: ["alice": record("uid=1")])
        let second = Known(users: ["alice": record("gid=2")])
        let chain = UserDatabaseChain(links: [.init(first, rules { $0.onSuccess = action }), .init(second)])
        #expect(await answer(chain, "alice") == expected)
    }

    @Test("Fields that came before a database which fails stay, those that it set go")
    func rollback() async throws {
        let first = Known(users: ["alice": record("uid=1")])
        let chain = UserDatabaseChain(links: [
            .init(first, rules { $0.onSuccess = .continueOK }),
            .init(Known(users: [:]), try rules { $0.defaultFields = try templates("lost=yes") }),
            .init(Known(users: ["alice": record("gid=2")])),
        ])
        #expect(await answer(chain, "alice") == "alice uid=1 gid=2")
    }

    @Test("Static asks whether there is the user, and takes the name and the fields that come with that")
    func confirmation() async throws {
        let chain = UserDatabaseChain([StaticUserDatabase(fields: try templates("uid=1000 gid=1 home=/srv/mail/%d/%n flag"))])
        let known: [String: UserConfirmation] = [
            "bob": .known(user: "bob", userdbFields: Self.fields("quota_rule=*:storage=1G uid=7")),
            "passrenamed": .known(user: "other@else.example", userdbFields: nil),
            "hashless": .unavailable, "broken": .failed,
        ]
        func answer(_ user: String) async -> String { await self.answer(chain, user, known: known) }
        #expect(await answer("bob") == "bob quota_rule=*:storage=1G uid=1000 gid=1 home=/srv/mail//bob flag")
        #expect(await answer("passrenamed") == "other@else.example uid=1000 gid=1 home=/srv/mail/else.example/other flag")
        #expect(await answer("nobody-here") == "NOTFOUND")
        #expect(await answer("hashless") == "FAIL")
        #expect(await answer("broken") == "FAIL")
    }

    @Test("Without any userdb whoever the passdb knows is there, without fields")
    func none() async {
        let chain = UserDatabaseChain(links: [])
        #expect(await answer(chain, "alice", known: ["alice": .known(user: "alice", userdbFields: nil)]) == "alice")
        #expect(await answer(chain, "bob") == "NOTFOUND")
    }

    @Test("Prefetch has what the login brought, and fails if it stands alone")
    func prefetch() async throws {
        let alone = UserDatabaseChain([PrefetchUserDatabase()])
        #expect(await answer(alone, "override", prefetched: "uid=daemon home=/srv", isLogin: true) == "override uid=1 home=/srv")
        #expect(await answer(alone, "overbad", prefetched: "uid=nosuchuser", isLogin: true) == "FAIL")
        #expect(await answer(alone, "alice", isLogin: true) == "FAIL")
        #expect(await answer(alone, "bob") == "FAIL")
        let first = UserDatabaseChain([PrefetchUserDatabase(), StaticUserDatabase(fields: try templates("uid=3000"))])
        #expect(await answer(first, "bob", prefetched: "mail=x", isLogin: true) == "bob mail=x")
        #expect(await answer(first, "alice", isLogin: true) == "alice uid=3000")
        #expect(await answer(first, "nobody-here") == "NOTFOUND")
    }

    @Test("What a login brought stands first, and the database replaces it in its place")
    func prefetchedOrder() async {
        let chain = UserDatabaseChain([Known(users: ["bob": record("uid=1002 gid=1002 quota=2")])])
        #expect(await answer(chain, "bob", prefetched: "mail=x quota=1", isLogin: true) == "bob mail=x quota=2 uid=1002 gid=1002")
    }

    @Test("Fields that mean something", arguments: [
        ("uid=daemon gid=bin", "alice uid=1 gid=2"),
        ("uid=nosuchuser", "FAIL"), ("gid=nosuchgroup", "FAIL"), ("uid=+5", "FAIL"), ("uid", "FAIL"),
        ("tempfail", "FAIL"), ("reason=Moving tempfail", "FAIL Moving"), ("uid=nosuchuser reason=x", "FAIL x"),
        ("flag empty= nodelay=yes", "alice flag empty nodelay=yes"),
        ("home=/a home:protected=/b gid=1 gid:remove quota:protected=1", "alice home=/a quota=1"),
        ("home=/a home:default=/b", "alice home=/a"),
        ("userdb_import=a=1\tb", "alice a=1 b"),
        ("system_user=daemon", "alice system_groups_user=daemon"),
        ("uidgid_file=/srv/mail home=/x", "alice home=/x uid=8 gid=9"),
        ("uidgid_file=/nowhere", "FAIL"),
        ("user=bob", "bob"), ("domain=else.example", "alice@else.example"), ("username=carol", "carol"),
        ("domain=a.example username=carol", "carol@a.example"), ("user", "FAIL"),
    ])
    func meanings(_ fields: String, _ expected: String) async {
        let chain = UserDatabaseChain([Known(users: ["alice": record(fields)])])
        #expect(await answer(chain, "alice") == expected)
    }

    @Test("A user who logged in and has no record is an error of the admin's")
    func missingRecord() {
        var query = UserQuery(user: "alice")
        query.isKnown = true
        var run = UserDatabaseChain([Known(users: [:])]).begin(query)
        run.lookedUp(.unknownUser)
        guard case .finished(let verdict) = run.next() else { return #expect(Bool(false), "not finished") }
        #expect(verdict.outcome == .unknownUser)
        #expect(verdict.records.map(\.event) == [.unknownUser, .error("user not found from any userdbs")])
    }

    @Test("A report that was not asked for changes nothing")
    func unaskedReports() {
        let chain = UserDatabaseChain([Known(users: [:])])
        var run = chain.begin(UserQuery(user: "alice"))
        run.confirmed(.known(user: "mallory", userdbFields: nil))
        run.resolved(.number(0))
        #expect(run.next() == .lookUp(0))
        #expect(run.query.user == "alice")
        run.lookedUp(.unknownUser)
        run.lookedUp(.found(UserRecord(fields: [])))
        guard case .finished(let verdict) = run.next() else { return #expect(Bool(false), "not finished") }
        #expect(verdict.outcome == .unknownUser)
    }

    @Test("A database that never stops asking for a confirmation fails")
    func confirmationTwice() async {
        let chain = UserDatabaseChain([Known(users: ["alice": .unconfirmed])])
        #expect(await answer(chain, "alice", known: ["alice": .known(user: "alice", userdbFields: nil)]) == "FAIL")
    }

    @Test("Without the database's own fields only those of the configuration are told")
    func noImport() async throws {
        let rules = try rules {
            $0.importsAllFields = false
            $0.overrideFields = try templates("home=/x")
        }
        #expect(await answer(.init(links: [.init(alice, rules)]), "alice") == "alice home=/x")
    }
}
