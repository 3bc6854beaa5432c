import AuthDatabases
import Testing

/// Recorded from Dovecot 2.3.19.1: Tests/Recordings, `4-masters` and `9-names`.
@Suite("Who wants to log in as whom")
struct LoginNamesTests {
    private func policy(
        separator: String = "", realm: String = "", format: String? = nil, characters: String = UsernamePolicy.dovecotCharacters
    ) throws -> UsernamePolicy {
        UsernamePolicy(
            characters: characters, defaultRealm: realm,
            format: try format.map { try VariableTemplate(parsing: $0, syntax: .dovecot23) } ?? .lowerCaseUser,
            masterUserSeparator: separator)
    }

    @Test("Without a separator and an authzid there is one name")
    func one() throws {
        let names = try policy().login("Alice")
        #expect(names.user == "alice" && names.originalUser == "Alice")
        #expect(names.loginUser == nil && names.refusal == nil && !names.isAuthorizationIDRefused)
        // A separator that isn't set separates nothing.
        #expect(try policy().login("alice*root").refusal == .disallowed(0x2a, name: "alice*root"))
    }

    @Test(
        "The name before the separator is logged in as, the one behind it has the password",
        arguments: [
            ("alice*root", "root", "root", "alice"), ("Alice*ROOT", "ROOT", "root", "alice"),
            ("root*root", "root", "root", nil),
        ] as [(String, String, String, String?)])
    func separator(given: String, original: String, user: String, target: String?) throws {
        let names = try policy(separator: "*").login(given)
        #expect(names.originalUser == original)
        #expect(names.user == user)
        #expect(names.loginUser == target)
        #expect(names.refusal == nil)
    }

    @Test("Realm and format make both names", arguments: [
        ("alice*root", "root", "root@x", "alice@x"), ("alice*root@x", "root@x", "root@x", "alice@x"),
        ("alice@x*root", "root", "root@x", "alice@x"),
    ])
    func realm(given: String, original: String, user: String, target: String) throws {
        let names = try policy(separator: "*", realm: "x").login(given)
        #expect(names.originalUser == original && names.user == user && names.loginUser == target)
        let byAuthorizationID = try policy(separator: "*", realm: "x").login("root", authorizationID: "alice")
        #expect(byAuthorizationID.user == "root@x" && byAuthorizationID.loginUser == "alice@x")
    }

    @Test("A format may take the domains away")
    func format() throws {
        let names = try policy(separator: "*", format: "%Ln").login("Alice@x*ROOT@y")
        #expect(names.user == "root" && names.loginUser == "alice" && names.originalUser == "ROOT@y")
    }

    @Test("Only the first separator separates, and only its first byte counts")
    func severalSeparators() throws {
        // The second one is then no character of a name.
        #expect(try policy(separator: "*").login("a*b*c").refusal == .disallowed(0x2a, name: "b*c"))
        let all = try policy(separator: "*", characters: "").login("a*b*c")
        #expect(all.loginUser == "a" && all.user == "b*c")
        #expect(try policy(separator: "*+").login("alice*root").loginUser == "alice")
    }

    @Test("A separator with nothing on one side is refused")
    func emptySides() throws {
        let noTarget = try policy(separator: "*").login("*root")
        #expect(noTarget.refusal == .emptyTarget && noTarget.loginUser == nil)
        let noMaster = try policy(separator: "*").login("alice*")
        #expect(noMaster.refusal == .empty && noMaster.user == nil && noMaster.loginUser == nil)
    }

    @Test("An authzid that is the own name, or empty, asks for nothing", arguments: ["alice", ""])
    func ownName(authorizationID: String) throws {
        for hasMasters in [true, false] {
            let names = try policy().login("Alice", authorizationID: authorizationID, hasMasters: hasMasters)
            #expect(names.user == "alice" && names.loginUser == nil && names.refusal == nil)
        }
    }

    @Test("An authzid is logged in as, and said to be at fault if it is")
    func authorizationID() throws {
        let names = try policy().login("ROOT", authorizationID: "Alice")
        #expect(names.user == "root" && names.loginUser == "alice" && names.refusal == nil)
        let bad = try policy().login("root", authorizationID: "a b")
        #expect(bad.refusal == .disallowed(0x20, name: "a b") && bad.isAuthorizationIDRefused)
        let long = try policy().login("root", authorizationID: String(repeating: "a", count: 1025))
        #expect(long.refusal == .tooLong && long.isAuthorizationIDRefused)
        let badMaster = try policy().login("r t", authorizationID: "alice")
        #expect(badMaster.refusal == .disallowed(0x20, name: "r t") && !badMaster.isAuthorizationIDRefused)
    }

    @Test("Where there are no master users nobody logs in as somebody else")
    func noMasters() throws {
        let names = try policy().login("root", authorizationID: "alice", hasMasters: false)
        #expect(names.refusal == .noMasters && names.isAuthorizationIDRefused && names.loginUser == nil)
        #expect(try policy(separator: "*").login("alice*root", hasMasters: false).refusal == .noMasters)
    }

    @Test("The name in a certificate counts, if it is asked for")
    func certificate() throws {
        let names = try policy().login("alice", certificateName: "Carol")
        #expect(names.user == "carol" && names.originalUser == "alice")
    }
}
