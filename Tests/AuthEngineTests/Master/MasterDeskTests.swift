import AuthDatabases
import AuthEngine
import PasswordSchemes
import Testing

@Suite("Answers on userdb and master sockets")
struct MasterDeskTests {
    private struct Passwords: PasswordDatabase {
        let driver = "passwords"
        var isImmediate = true

        func immediateLookup(_ query: UserQuery) -> PasswordLookup? { isImmediate ? answer(query) : nil }
        func lookup(_ query: UserQuery) async -> PasswordLookup { answer(query) }

        private func answer(_ query: UserQuery) -> PasswordLookup {
            guard let stored = try? StoredPassword(parsing: "{PLAIN}x".utf8.span, defaultScheme: .crypt) else {
                return .failed(DatabaseFailure("no password"))
            }
            switch query.user {
            case "alice": return .found(PasswordEntry(password: stored, fields: [ExtraField("userdb_quota", "1")]))
            case "broken": return .failed(DatabaseFailure("down"))
            case "odd":
                do throws(PasswordSchemeError) {
                    _ = try StoredPassword(parsing: "{NOSUCH}x".utf8.span, defaultScheme: .crypt)
                    return .unknownUser(decoy: nil)
                } catch {
                    return .unusable(error, decoy: nil)
                }
            default: return .unknownUser(decoy: nil)
            }
        }
    }

    private struct Listed: UserDatabase {
        let driver = "listed"
        var parts: [[String]]?

        func lookup(_ query: UserQuery) async -> UserLookup { .unknownUser }
        func names() async throws(DatabaseFailure) -> (any UserNames)? {
            guard let parts else { throw DatabaseFailure("can't be read") }
            return Parts(parts: parts)
        }

        struct Parts: UserNames {
            var parts: [[String]]
            mutating func next() async throws(DatabaseFailure) -> [String]? { parts.isEmpty ? nil : parts.removeFirst() }
        }
    }

    private struct Cache: AnswerCache {
        func forget(_ users: [String]) -> Int { users.isEmpty ? 10 : users.count }
    }

    private func desk(_ users: [any UserDatabase], isImmediate: Bool = true) -> MasterDesk {
        let passwords = PasswordDatabaseChain([Passwords(isImmediate: isImmediate)])
        let databases = UserDirectory.Databases(users: UserDatabaseChain(users), passwords: passwords, isVerbose: true)
        let directory = UserDirectory(ProtocolTable(databases), accounts: AccountLookups())
        return MasterDesk(directory: directory, logins: LoginRegistry(), caches: [Cache(), Cache()], lookups: BackgroundLookups())
    }

    private func field(_ name: String, _ value: String) throws -> FieldTemplate {
        FieldTemplate(name, try VariableTemplate(parsing: value, syntax: .dovecot23))
    }

    @Test("What needs no waiting is answered at once, the rest in time", arguments: [true, false])
    func users(isImmediate: Bool) async throws {
        let desk = desk([StaticUserDatabase(fields: [try field("home", "/srv/%u")])], isImmediate: isImmediate)
        func answer(_ user: String) async -> MasterAnswer {
            let question = MasterQuestion.user(UserQuery(user: user), prefetched: nil)
            let immediate = desk.immediateReport(question)
            #expect((immediate != nil) == isImmediate)
            let report = await desk.report(question)
            #expect(immediate == nil || immediate?.answer == report.answer)
            return report.answer
        }
        #expect(
            await answer("alice")
                == .user(UserVerdict(outcome: .found(user: "alice", fields: [ExtraField("quota", "1"), ExtraField("home", "/srv/alice")]))))
        guard case .user(let unknown) = await answer("bob"), case .user(let broken) = await answer("broken") else {
            Issue.record("wrong answers")
            return
        }
        #expect(unknown.outcome == .unknownUser)
        #expect(broken.outcome == .failed(reason: nil))
    }

    @Test("Names of accounts become numbers")
    func accounts() async throws {
        let desk = desk([StaticUserDatabase(fields: [try field("uid", "root"), try field("gid", "root")], allowsAllUsers: true)])
        let question = MasterQuestion.user(UserQuery(user: "alice"), prefetched: nil)
        #expect(desk.immediateReport(question) == nil)
        let expected = UserVerdict.Outcome.found(user: "alice", fields: [ExtraField("uid", "0"), ExtraField("gid", "0")])
        #expect(await desk.report(question).answer == .user(UserVerdict(outcome: expected)))
    }

    @Test("PASS tells what the password databases have", arguments: [
        ("alice", PasswordRecord.found(user: "alice", fields: [], userdbFields: [ExtraField("quota", "1")])),
        ("bob", .unknown), ("broken", .failed), ("odd", .unavailable),
    ])
    func passwords(_ user: String, _ record: PasswordRecord) async {
        let report = await desk([]).report(.password(UserQuery(user: user)))
        #expect(report.answer == .password(record))
        #expect(report.log.isEmpty == ["alice", "bob"].contains(user))
    }

    private func list(_ desk: MasterDesk) async -> (names: [String], hasFailed: Bool, log: [String]) {
        let listing = desk.listing()
        var names: [String] = []
        for _ in 0..<100 {
            let report = await listing.next()
            switch report.answer {
            case .names(let part): names += part
            case .namesEnd(let hasFailed): return (names, hasFailed, report.log.map(\.text))
            default: Issue.record("not an answer to LIST")
            }
        }
        Issue.record("does not end")
        return (names, true, [])
    }

    @Test("LIST goes through all databases that can be listed")
    func names() async {
        let all = await list(desk([Listed(parts: [["a"], ["b", "c"]]), PrefetchUserDatabase(), Listed(parts: [["a"]])]))
        #expect(all.names == ["a", "b", "c", "a"])
        #expect(!all.hasFailed)
    }

    @Test("LIST goes on past a database that can't be read, and says so")
    func brokenNames() async {
        let all = await list(desk([Listed(parts: nil), Listed(parts: [["a"]])]))
        #expect(all.names == ["a"])
        #expect(all.hasFailed)
        #expect(all.log == ["listed: can't be read"])
    }

    @Test("LIST of databases that have no list fails")
    func noNames() async {
        let all = await list(desk([PrefetchUserDatabase()]))
        #expect(all.names.isEmpty && all.hasFailed)
        #expect(all.log == ["Trying to iterate users, but userdbs don't support it"])
    }

    @Test("CACHE-FLUSH empties every cache")
    func flush() {
        #expect(desk([]).immediateReport(.flushCaches([]))?.answer == .flushed(20))
        #expect(desk([]).immediateReport(.flushCaches(["a"]))?.answer == .flushed(2))
    }
}
