import AuthDatabases
import AuthEngine
import Testing

/// Dovecot finds a lookup's databases by its service, as it finds those of a login (auth_find_service).
@Suite("Lookups of a protocol that has databases of its own")
struct ProtocolLookupTests {
    private func databases(_ home: String, isVerbose: Bool = false) throws -> UserDirectory.Databases {
        let field = FieldTemplate("home", try VariableTemplate(parsing: home, syntax: .dovecot23))
        let users: [any UserDatabase] = [
            PrefetchUserDatabase(), StaticUserDatabase(fields: [field], allowsAllUsers: true),
        ]
        return UserDirectory.Databases(
            users: UserDatabaseChain(users), passwords: PasswordDatabaseChain([Named(name: home)]), isVerbose: isVerbose)
    }

    private struct Named: PasswordDatabase {
        let driver = "named"
        let name: String
        func immediateLookup(_ query: UserQuery) -> PasswordLookup? { .failed(DatabaseFailure(name)) }
        func lookup(_ query: UserQuery) async -> PasswordLookup { .failed(DatabaseFailure(name)) }
    }

    private func directory() throws -> MasterDesk {
        let table = ProtocolTable(try databases("/common"), own: ["imap": try databases("/imap")])
        return MasterDesk(
            directory: UserDirectory(table, accounts: AccountLookups()), logins: LoginRegistry(), caches: [],
            lookups: BackgroundLookups())
    }

    @Test("USER asks those of its service", arguments: [("imap", "/imap"), ("smtp", "/common"), ("", "/common")])
    func user(service: String, home: String) async throws {
        let question = MasterQuestion.user(UserQuery(user: "alice", service: service), prefetched: nil)
        let expected = MasterAnswer.user(
            UserVerdict(outcome: .found(user: "alice", fields: [ExtraField("home", home)])))
        #expect(try directory().immediateReport(question)?.answer == expected)
        #expect(try await directory().report(question).answer == expected)
    }

    @Test("What a login brought along is found by the prefetch of its service")
    func prefetch() throws {
        let question = MasterQuestion.user(
            UserQuery(user: "alice", service: "imap"), prefetched: [ExtraField("home", "/own")])
        #expect(
            try directory().immediateReport(question)?.answer
                == .user(UserVerdict(outcome: .found(user: "alice", fields: [ExtraField("home", "/own")]))))
    }

    @Test("PASS asks those of its service", arguments: [("imap", "/imap"), ("smtp", "/common")])
    func password(service: String, name: String) async throws {
        let question = MasterQuestion.password(UserQuery(user: "alice", service: service))
        #expect(try directory().immediateReport(question)?.log.first?.text.hasSuffix(name) == true)
        #expect(try await directory().report(question).log.first?.text.hasSuffix(name) == true)
    }

    @Test("Names are spelled as the service's settings say")
    func names() {
        var connection = MasterConnectionUnderTest {
            $0.protocols = ProtocolTable(
                nil,
                own: [
                    "imap": LoginSettings(
                        usernames: UsernamePolicy(defaultRealm: "example.com"), hasMasters: false, failureDelay: .zero,
                        isVerbose: true)
                ])
        }
        connection.users = { query, _ in .found(user: query.user, fields: []) }
        _ = connection.greet()
        #expect(connection.say("USER⇥1⇥bob⇥service=imap") == ["USER⇥1⇥bob@example.com"])
        #expect(connection.say("USER⇥2⇥bob⇥service=smtp") == ["USER⇥2⇥bob"])
        #expect(connection.say("USER⇥3⇥b/b⇥service=smtp") == ["NOTFOUND⇥3"])
        #expect(connection.log.isEmpty)
        #expect(connection.say("USER⇥4⇥b/b⇥service=imap") == ["NOTFOUND⇥4"])
        #expect(connection.log.count == 1)
    }
}
