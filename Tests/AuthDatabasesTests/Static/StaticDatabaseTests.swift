import PasswordSchemes
import Secrets
import Testing

@testable import AuthDatabases

@Suite("The static passdb")
struct StaticDatabaseTests {
    private func template(_ text: String) throws -> VariableTemplate {
        try VariableTemplate(parsing: text, syntax: .dovecot23)
    }

    private func entry(_ database: StaticDatabase, _ user: String) throws -> PasswordEntry {
        let lookup = database.immediateLookup(UserQuery(user: user))
        guard case .found(let entry) = lookup else { throw NotFound(lookup: "\(String(describing: lookup))") }
        return entry
    }

    private func accepts(_ entry: PasswordEntry, _ password: String) throws -> Bool {
        try entry.password.verifyCheaply(Secret(copying: Array(password.utf8).span), user: "")
    }

    private struct NotFound: Error { var lookup: String }

    @Test("Everybody has the same password, whose scheme may be named", arguments: [
        ("secret", "PLAIN", "PLAIN"), ("{SHA1}5en6G6MezRroT3XKqkdPOmY/BfQ=", "PLAIN", "SHA1"),
        ("5en6G6MezRroT3XKqkdPOmY/BfQ=", "SHA1", "SHA1"),
    ])
    func one(text: String, defaultName: String, name: String) throws {
        let (defaultScheme, scheme) = (try #require(PasswordScheme(named: defaultName)), PasswordScheme(named: name))
        let database = try StaticDatabase(password: template(text), defaultScheme: defaultScheme)
        for user in ["alice", "nobody@example.com"] {
            let entry = try entry(database, user)
            #expect(entry.password.scheme == scheme && !entry.hasEmptyPassword && entry.user == nil)
            #expect(try accepts(entry, "secret"))
            #expect(try !accepts(entry, "Secret"))
        }
    }

    @Test("Variables make a password for each")
    func variables() throws {
        let database = try StaticDatabase(password: template("{PLAIN}pw-%n"))
        #expect(try accepts(entry(database, "alice@x"), "pw-alice"))
        #expect(try !accepts(entry(database, "bob@x"), "pw-alice"))
    }

    @Test("Fields go to everybody, with their variables filled in")
    func fields() throws {
        let fields = [FieldTemplate("proxy"), FieldTemplate("host", try template("%d.example")), FieldTemplate("nopassword")]
        let entry = try entry(try StaticDatabase(password: nil, fields: fields), "alice@one")
        #expect(entry.fields == [ExtraField("proxy"), ExtraField("host", "one.example"), ExtraField("nopassword")])
    }

    @Test("No password and an empty one are empty, whatever the scheme", arguments: [nil, "", "{PLAIN}", "%{session}", "{PLAIN}%{session}"])
    func empty(text: String?) throws {
        let entry = try entry(try StaticDatabase(password: try text.map { try template($0) }), "alice")
        #expect(entry.hasEmptyPassword)
    }

    @Test("A password that begins like a scheme is not an empty one")
    func brace() throws {
        #expect(try !entry(try StaticDatabase(password: template("{PLAIN}{PLAIN}")), "alice").hasEmptyPassword)
    }

    @Test("A password that can't be understood is found at the start, or, with variables, when it is made")
    func unusable() throws {
        #expect(throws: PasswordSchemeError.self) { try StaticDatabase(password: template("{NO-SUCH}x")) }
        #expect(throws: PasswordSchemeError.self) { try StaticDatabase(password: template("{SHA1}x")) }
        let database = try StaticDatabase(password: template("{%n}x"))
        guard case .unusable = database.immediateLookup(UserQuery(user: "no-such")) else {
            Issue.record("should be unusable")
            return
        }
        #expect(try accepts(entry(database, "plain"), "x"))
    }

    @Test("Whoever waits for the answer gets the same")
    func waiting() async throws {
        guard case .found(let entry) = await (try StaticDatabase(password: template("x"))).lookup(UserQuery(user: "a")) else {
            Issue.record("not found")
            return
        }
        #expect(try accepts(entry, "x"))
    }
}
