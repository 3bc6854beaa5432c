import AuthDatabases
import PasswordSchemes
import Testing

/// What Dovecot's PASS answers, and its `static` userdb wants to know.
@Suite("Whether the password databases know a user")
struct ExistenceTests {
    private struct Known: PasswordDatabase {
        let driver = "known"
        var users: [String: PasswordLookup]

        func lookup(_ query: UserQuery) async -> PasswordLookup { users[query.user] ?? .unknownUser(decoy: Self.decoy) }

        static let decoy = try? StoredPassword(parsing: "{PLAIN}decoy".utf8.span, defaultScheme: .crypt)
    }

    private func stored(_ text: String) throws -> StoredPassword {
        try StoredPassword(parsing: text.utf8.span, defaultScheme: .crypt)
    }

    private func verdict(_ links: [PasswordDatabaseChain.Link], _ user: String) async -> ChainVerdict? {
        let chain = PasswordDatabaseChain(links: links)
        var run = chain.begin(UserQuery(user: user), for: .existence)
        for _ in 0..<20 {
            switch run.next() {
            case .lookUp(let index): run.lookedUp(await chain.links[index].database.lookup(run.query))
            case .finished(let verdict): return verdict
            case .verify, .verifyInVain, .derive, .deriveInVain:
                Issue.record("nothing is to be verified")
                return nil
            }
        }
        Issue.record("does not end")
        return nil
    }

    @Test("Whoever is there is found, with fields, whatever the password", arguments: [
        "{PLAIN}secret", "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=", "{PLAIN}", "$6$abc$def",
    ])
    func found(_ password: String) async throws {
        let entry = PasswordEntry(
            password: try stored(password), fields: [ExtraField("host", "x"), ExtraField("userdb_mail", "y")],
            hasEmptyPassword: password == "{PLAIN}")
        let verdict = try #require(await verdict([.init(Known(users: ["alice": .found(entry)]))], "alice"))
        #expect(verdict.outcome == .success)
        #expect(verdict.fields == [ExtraField("host", "x")])
        #expect(verdict.userdbFields == [ExtraField("mail", "y")])
    }

    @Test("Whoever isn't there, is locked, or may not come from here is not")
    func unknown() async throws {
        let nets = PasswordEntry(password: try stored("{PLAIN}x"), fields: [ExtraField("allow_nets", "192.0.2.0/24")])
        let database = Known(users: [
            "locked": .refused(.disabled("locked"), password: try stored("{PLAIN}x"), decoy: nil), "nets": .found(nets),
        ])
        #expect(await verdict([.init(database)], "bob")?.outcome == .wrongPasswordOrUnknownUser)
        #expect(await verdict([.init(database)], "locked")?.outcome == .disabled)
        #expect(await verdict([.init(database)], "nets")?.outcome == .wrongPasswordOrUnknownUser)
    }

    @Test("A database that is for other mechanisms than lookups is not asked")
    func mechanisms() async throws {
        let entry = PasswordLookup.found(PasswordEntry(password: try stored("{PLAIN}x")))
        var rules = PasswordDatabaseRules()
        rules.mechanisms = ["PLAIN"]
        #expect(await verdict([.init(Known(users: ["alice": entry]), rules)], "alice")?.outcome == .internalFailure)
        rules.mechanisms = ["PLAIN", "lookup"]
        #expect(await verdict([.init(Known(users: ["alice": entry]), rules)], "alice")?.outcome == .success)
    }

    @Test("A failure is one")
    func failure() async {
        let database = Known(users: ["alice": .failed(DatabaseFailure("down"))])
        #expect(await verdict([.init(database)], "alice")?.outcome == .internalFailure)
    }
}
