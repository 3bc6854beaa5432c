import AuthDatabases
import PasswordSchemes
import Secrets
import Testing

/// A database whose answer is given.
private struct Fixed: PasswordDatabase {
    let driver: String
    let answer: PasswordLookup
    func immediateLookup(_ query: UserQuery) -> PasswordLookup? { answer }
    func lookup(_ query: UserQuery) async -> PasswordLookup { answer }
}

@Suite("The chain of passdbs")
struct ChainRunTests {
    private static func stored(_ text: String) throws -> StoredPassword {
        try StoredPassword(parsing: Array(text.utf8).span, defaultScheme: .plain)
    }

    /// Runs a chain; a password is right, and of use for a challenge, if its scheme is `right`.
    private func run(
        _ answers: [PasswordLookup], address: String? = "192.0.2.1", for purpose: ChainPurpose = .verification,
        weakSchemes: WeakSchemePolicy = .allowed, right: PasswordScheme = .plain,
        first: PasswordDatabaseRules = PasswordDatabaseRules()
    ) -> (ChainVerdict, hashes: Int) {
        let databases = answers.enumerated().map { Fixed(driver: "db\($0.offset)", answer: $0.element) }
        let links = databases.enumerated().map { number, database in
            PasswordDatabaseChain.Link(database, number == 0 ? first : PasswordDatabaseRules())
        }
        let chain = PasswordDatabaseChain(links: links, weakSchemes: weakSchemes)
        var query = UserQuery(user: "alice")
        query.remoteAddress = address
        var run = chain.begin(query, for: purpose)
        var hashes = 0
        while true {
            switch run.next() {
            case .lookUp(let index): run.lookedUp(answers[index])
            case .verify(let stored):
                hashes += 1
                run.verified(stored.scheme == right)
            case .verifyInVain:
                hashes += 1
                run.verified(true)
            case .derive(let stored):
                hashes += 1
                run.derived(refusal: stored.scheme == right ? nil : "of no use")
            case .deriveInVain:
                hashes += 1
                run.derived(refusal: nil)
            case .finished(let verdict): return (verdict, hashes)
            }
        }
    }

    private func right(_ fields: [ExtraField] = []) throws -> PasswordLookup {
        .found(PasswordEntry(password: try Self.stored("{PLAIN}right"), fields: fields))
    }

    private func wrong() throws -> PasswordLookup {
        .found(PasswordEntry(password: try Self.stored("{SHA1}L55TUjtiq8FBorTWAZ0jy6g129A=")))
    }

    private func unknown() throws -> PasswordLookup { .unknownUser(decoy: try Self.stored("{PLAIN}decoy")) }

    @Test("The first database with the right password decides")
    func success() throws {
        let (verdict, _) = run([try unknown(), try wrong(), try right(), .failed(DatabaseFailure("never asked"))])
        #expect(verdict.outcome == .success)
        #expect(verdict.records.map(\.driver) == ["db0", "db1"])
    }

    @Test("A stranger costs one hash, however many databases there are, and logs in by none")
    func stranger() throws {
        for count in 1...4 {
            let (verdict, hashes) = run(try (0..<count).map { _ in try unknown() })
            #expect(verdict.outcome == .wrongPasswordOrUnknownUser)
            #expect(hashes == 1)
        }
    }

    @Test("An internal failure outweighs a wrong password, but not the right one")
    func internalFailure() throws {
        let broken = PasswordLookup.failed(DatabaseFailure("unreadable"))
        #expect(run([broken, try wrong()]).0.outcome == .internalFailure)
        #expect(run([try wrong(), broken]).0.outcome == .internalFailure)
        #expect(run([try unknown(), broken]).0.outcome == .internalFailure)
        #expect(run([broken, try right()]).0.outcome == .success)
    }

    @Test(
        "A locked or expired account ends the search at the price of a hash, and only who knows the password is told",
        arguments: [
            (PasswordRefusal.disabled("locked"), ChainVerdict.Outcome.disabled), (.expired("old"), .expired),
        ])
    func refusal(_ refusal: PasswordRefusal, outcome: ChainVerdict.Outcome) throws {
        let decoy = try Self.stored("{PLAIN}decoy")
        let (right, wrong) = (try Self.stored("{PLAIN}right"), try Self.stored("{SHA1}L55TUjtiq8FBorTWAZ0jy6g129A="))
        let table: [(StoredPassword?, ChainVerdict.Outcome)] = [
            (right, outcome), (wrong, .wrongPasswordOrUnknownUser), (nil, .wrongPasswordOrUnknownUser),
        ]
        for (password, expected) in table {
            let (verdict, hashes) = run([.refused(refusal, password: password, decoy: decoy), try self.right()])
            #expect(verdict.outcome == expected)
            #expect(hashes == 1)
            // Before a challenge's proof nobody can be told anything.
            let lookup = PasswordLookup.refused(refusal, password: password, decoy: decoy)
            #expect(run([lookup], for: .credentials).0.outcome == .wrongPasswordOrUnknownUser)
        }
    }

    @Test("An empty stored password lets nobody in, unless nopassword says so")
    func emptyPassword() throws {
        let empty = try Self.stored("{PLAIN}")
        let closed = PasswordLookup.found(PasswordEntry(password: empty, hasEmptyPassword: true))
        #expect(run([closed]).0.outcome == .wrongPasswordOrUnknownUser)
        let open = PasswordLookup.found(
            PasswordEntry(password: empty, fields: [ExtraField("nopassword")], hasEmptyPassword: true))
        #expect(run([open]).0.outcome == .success)
    }

    @Test("What stands beside a password that can't be understood counts as beside a wrong one")
    func unusablePassword() throws {
        let error = try #require(throws: PasswordSchemeError.self) { try Self.stored("{NOSUCH}x") }
        func broken(_ fields: ExtraField...) -> PasswordLookup { .unusable(error, fields: fields, decoy: nil) }
        // The next database is asked for the new name, and shows no other field.
        let (renamed, _) = run([broken(ExtraField("user", "bob"), ExtraField("a", "b")), try right()])
        #expect(renamed.outcome == .success)
        #expect(renamed.user == "bob")
        #expect(renamed.fields == [])
        #expect(renamed.records.map(\.event) == [.error("\(error)")])
        #expect(run([broken(ExtraField("nopassword"))]).0.outcome == .wrongPasswordOrUnknownUser)
        // A password that is not looked at need not be understood.
        let (noted, _) = run([broken(ExtraField("noauthenticate"), ExtraField("a", "b")), try right()])
        #expect(noted.outcome == .success)
        #expect(noted.fields == [ExtraField("a", "b")])
        let empty = PasswordLookup.unusable(
            error, fields: [ExtraField("nopassword")], hasEmptyPassword: true, decoy: nil)
        #expect(run([empty]).0.outcome == .success)
        #expect(run([empty], for: .credentials).0.outcome == .wrongPasswordOrUnknownUser)
    }

    @Test("Who is only asked for is there with a hash that is none, but not with a scheme that nobody knows")
    func presence() throws {
        func broken(_ text: String) throws -> PasswordLookup {
            .unusable(try #require(throws: PasswordSchemeError.self) { try Self.stored(text) }, decoy: nil)
        }
        let (garbled, _) = run([try broken("{MD5-CRYPT}abc")], for: .existence)
        #expect(garbled.outcome == .success)
        let (odd, _) = run([try broken("{NOSUCH}x")], for: .existence)
        #expect(odd.outcome == .wrongPasswordOrUnknownUser)
        #expect(odd.presence == .unreadable)
        #expect(run([try broken("{NOSUCH}x"), try unknown()], for: .existence).0.presence == .unknown)
        #expect(run([try unknown()], for: .existence).0.presence == .unknown)
        #expect(run([try right([ExtraField("fail")])], for: .existence).0.presence == .unknown)
        var rules = PasswordDatabaseRules()
        // Nobody has to be asked any more for whoever is kept out.
        rules.isDenying = true
        let (denied, _) = run([try right(), .failed(DatabaseFailure("down"))], for: .existence, first: rules)
        #expect(denied.outcome == .disabled)
        rules.isDenying = false
        // A search that goes on behind the last database ends without success.
        for action in [PasswordDatabaseRules.Action.continue, .return, .returnFail] {
            rules.onSuccess = action
            let (barred, _) = run([try right()], for: .existence, first: rules)
            #expect(barred.outcome == .wrongPasswordOrUnknownUser)
            #expect(barred.presence == .known)
        }
    }

    @Test("Entries whose login_user leads round in a circle are an end", arguments: [ChainPurpose.verification, .credentials, .existence])
    func circle(purpose: ChainPurpose) throws {
        var rules = PasswordDatabaseRules()
        rules.onSuccess = .continue
        for target in ["alice", "bob"] {
            let (verdict, _) = run([try right([ExtraField("login_user", target)]), try unknown()], for: purpose, first: rules)
            #expect(verdict.user == target)
            #expect(verdict.masterUser == "alice")
            #expect(verdict.outcome != .success)
        }
        let (found, _) = run(
            [try right([ExtraField("login_user", "alice")]), try right()], for: purpose, first: rules)
        #expect(found.outcome == .success)
    }

    @Test("A challenge needs a password even where continue-ok asks for none")
    func challengeAfterContinueOK() throws {
        var rules = PasswordDatabaseRules()
        (rules.onFailure, rules.onSuccess) = (.continueOK, .continue)
        let (late, hashes) = run([try unknown(), try right()], for: .credentials, first: rules)
        #expect(late.outcome == .success)
        #expect(hashes == 1)
        #expect(late.hasCredential)
        // Nobody proves anything by an entry whose conditions are not met.
        let barred = try right([ExtraField("fail")])
        #expect(run([barred, try right()], for: .credentials, first: rules).hashes == 2)
        rules.onFailure = .returnOK
        let (open, _) = run([barred], for: .credentials, first: rules)
        #expect(open.outcome == .success)
        #expect(!open.hasCredential)
        rules.onFailure = .continueOK
        #expect(run([barred, try unknown()], for: .credentials, first: rules).0.hasCredential)
        // The first that there is counts; a later one in another scheme is not looked at.
        let (early, _) = run([try right(), try wrong()], for: .credentials, first: rules)
        #expect(early.outcome == .success)
    }

    @Test("After a verified password the next database's need not be understood")
    func unusableAfterVerified() throws {
        let error = try #require(throws: PasswordSchemeError.self) { try Self.stored("{NOSUCH}x") }
        let unusable = PasswordLookup.unusable(error, fields: [ExtraField("a", "b")], decoy: nil)
        var rules = PasswordDatabaseRules()
        rules.onSuccess = .continue
        let (verdict, _) = run([try right(), unusable], first: rules)
        #expect(verdict.outcome == .success)
        #expect(verdict.fields == [ExtraField("a", "b")])
    }

    @Test("Fields are passed on, but for those that are not the mail server's; user renames")
    func fields() throws {
        let fields = [
            ExtraField("userdb_home", "/x"), ExtraField("nodelay"), ExtraField("user", "bob"), ExtraField("a", "b"),
        ]
        let (verdict, _) = run([try right(fields)])
        #expect(verdict.outcome == .success)
        #expect(verdict.user == "bob")
        #expect(verdict.fields == [ExtraField("nodelay"), ExtraField("a", "b")])
        #expect(verdict.userdbFields == [ExtraField("home", "/x")])
    }

    @Test("allow_nets and fail keep the right password out")
    func conditions() throws {
        let nets = [ExtraField("allow_nets", "192.0.2.0/24")]
        #expect(run([try right(nets)]).0.outcome == .success)
        #expect(run([try right(nets)], address: "198.51.100.1").0.outcome == .wrongPasswordOrUnknownUser)
        #expect(run([try right(nets)], address: nil).0.outcome == .wrongPasswordOrUnknownUser)
        #expect(run([try right([ExtraField("fail")])]).0.outcome == .wrongPasswordOrUnknownUser)
    }

    @Test("Who may log in by a challenge is found as by a password, and a stranger costs as much")
    func credentials() throws {
        let (found, _) = run([try unknown(), try right([ExtraField("nologin")])], for: .credentials)
        #expect(found.outcome == .success)
        #expect(found.fields == [ExtraField("nologin")])
        let (stranger, hashes) = run([try unknown()], for: .credentials)
        #expect(stranger.outcome == .wrongPasswordOrUnknownUser)
        #expect(hashes == 1)
        let (unusable, _) = run([try wrong()], for: .credentials)
        #expect(unusable.outcome == .wrongPasswordOrUnknownUser)
        #expect(unusable.records.map(\.event) == [.conditionNotMet("of no use")])
        let (elsewhere, _) = run([try right([ExtraField("allow_nets", "10.0.0.0/8")])], for: .credentials)
        #expect(elsewhere.outcome == .wrongPasswordOrUnknownUser)
    }

    @Test("Nobody logs in by a challenge without a stored password, nopassword or not", arguments: [true, false])
    func credentialsOfNobody(isOpen: Bool) throws {
        let entry = PasswordEntry(
            password: try Self.stored("{PLAIN}"), fields: isOpen ? [ExtraField("nopassword")] : [],
            hasEmptyPassword: true)
        let (verdict, _) = run([.found(entry)], for: .credentials)
        #expect(verdict.outcome == .wrongPasswordOrUnknownUser)
    }

    @Test(
        "A weak scheme is refused as an error of the admin's, or allowed with a warning",
        arguments: ["{LDAP-MD5}X03MO1qnZdYdgyfeuILPmQ==", "{CRYPT}ABGb5eAfUpeGE"])
    func weakSchemes(stored: String) throws {
        let password = try Self.stored(stored)
        let entry = PasswordLookup.found(PasswordEntry(password: password))
        for purpose in [ChainPurpose.verification, .credentials] {
            let (refused, hashes) = run([entry], for: purpose, weakSchemes: .refused, right: password.scheme)
            #expect(refused.outcome == .internalFailure)
            #expect(hashes == 1, "time would tell")
            let (allowed, _) = run([entry], for: purpose, weakSchemes: .allowed, right: password.scheme)
            #expect(allowed.outcome == .success)
            #expect(allowed.records.map(\.event) == [.weakScheme(password.scheme.name)])
        }
    }

    // MARK: Answers that a change may have overtaken

    private func provisional(_ text: String, reading: UInt64, fields: [ExtraField] = []) throws -> PasswordLookup {
        var entry = PasswordEntry(password: try Self.stored(text), fields: fields)
        (entry.isProvisional, entry.reading) = (true, reading)
        return .found(entry)
    }

    private func current(_ text: String, reading: UInt64, fields: [ExtraField] = []) throws -> PasswordLookup {
        var entry = PasswordEntry(password: try Self.stored(text), fields: fields)
        entry.reading = reading
        return .found(entry)
    }

    /// Runs a chain of one database that has another answer for who won't have a provisional one; `right` is the right
    /// password.
    private func ask(
        _ first: PasswordLookup, then second: PasswordLookup, rules: PasswordDatabaseRules = PasswordDatabaseRules(),
        for purpose: ChainPurpose = .verification
    ) -> (ChainVerdict, lookups: Int, hashes: Int) {
        let chain = PasswordDatabaseChain(links: [.init(Fixed(driver: "db", answer: first), rules)])
        var run = chain.begin(UserQuery(user: "alice"), for: purpose)
        var (lookups, hashes) = (0, 0)
        while true {
            switch run.next() {
            case .lookUp:
                lookups += 1
                run.lookedUp(run.query.acceptsProvisional ? first : second)
            case .verify(let stored), .verifyInVain(let stored):
                hashes += 1
                let isRight = stored.plainText?.withSecret { $0.withBytes { $0.count == 5 && $0[0] == UInt8(ascii: "r") } }
                run.verified(isRight ?? false)
            case .derive, .deriveInVain:
                run.derived(refusal: nil)
            case .finished(let verdict): return (verdict, lookups, hashes)
            }
        }
    }

    @Test("Who logs in by a provisional answer is in")
    func provisionalSuccess() throws {
        let (verdict, lookups, hashes) = ask(
            try provisional("{PLAIN}right", reading: 1), then: try current("{PLAIN}other", reading: 2))
        #expect(verdict.outcome == .success && lookups == 1 && hashes == 1)
    }

    @Test("A new password works although the provisional answer has the old one; nothing of that answer is left")
    func provisionalMismatch() throws {
        let (verdict, lookups, hashes) = ask(
            try provisional(
                "{PLAIN}other", reading: 1,
                fields: [ExtraField("user", "mallory"), ExtraField("nodelay"), ExtraField("a", "b")]),
            then: try current("{PLAIN}right", reading: 2, fields: [ExtraField("c", "d")]))
        #expect(verdict.outcome == .success && verdict.user == "alice" && verdict.records.isEmpty)
        #expect(verdict.fields == [ExtraField("c", "d")] && !verdict.isUndelayed)
        #expect(lookups == 2 && hashes == 2)
    }

    @Test("A condition that is not met any more is asked for again, too")
    func provisionalCondition() throws {
        let (verdict, _, _) = ask(
            try provisional("{PLAIN}right", reading: 1, fields: [ExtraField("fail", "x")]),
            then: try current("{PLAIN}right", reading: 2))
        #expect(verdict.outcome == .success)
    }

    @Test("A wrong password is hashed once if nothing has changed, and told once")
    func provisionalUnchanged() throws {
        let (verdict, lookups, hashes) = ask(
            try provisional("{PLAIN}other", reading: 1), then: try current("{PLAIN}other", reading: 1))
        #expect(verdict.outcome == .wrongPasswordOrUnknownUser && verdict.records.map(\.event) == [.passwordMismatch])
        #expect(lookups == 2 && hashes == 1)
    }

    @Test("Who was removed meanwhile is unknown")
    func provisionalRemoved() throws {
        let (verdict, _, _) = ask(try provisional("{PLAIN}other", reading: 1), then: try unknown())
        #expect(verdict.outcome == .wrongPasswordOrUnknownUser && verdict.records.map(\.event) == [.unknownUser])
    }

    @Test("Nobody is kept out by a provisional answer")
    func provisionalDenial() throws {
        var rules = PasswordDatabaseRules()
        rules.isDenying = true
        let (verdict, lookups, _) = ask(try provisional("{PLAIN}x", reading: 1), then: try unknown(), rules: rules)
        #expect(verdict.records.isEmpty && lookups == 2)
    }

    @Test("A challenge is never answered from a provisional answer")
    func provisionalCredentials() throws {
        let (_, lookups, _) = ask(
            try provisional("{PLAIN}other", reading: 1), then: try current("{PLAIN}right", reading: 2), for: .credentials)
        #expect(lookups == 1)
    }
}
