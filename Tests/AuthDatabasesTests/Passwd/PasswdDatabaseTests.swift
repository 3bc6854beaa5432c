import PasswordSchemes
import Secrets
import Testing

@testable import AuthDatabases

@Suite("The system's accounts as a password database")
struct PasswdDatabaseTests {
    private let database = PasswdDatabase(pool: BlockingPool(threads: 1))

    // Debian's passwd(5) has an x for each.
    @Test("A password that lies in /etc/shadow is none, and says where to look", arguments: ["root", "daemon"])
    func shadowed(user: String) async {
        guard case .refused(.disabled(let text), nil, _) = await database.lookup(UserQuery(user: user)) else {
            Issue.record("should be refused")
            return
        }
        #expect(text == "the password is in /etc/shadow, which passdb { driver = shadow } reads")
    }

    @Test("Nobody else is there, whatever the name", arguments: ["no-such-user-here", "root\0x", "", "ROOT", "root@example.com"])
    func unknown(user: String) async {
        guard case .unknownUser = await database.lookup(UserQuery(user: user)) else {
            Issue.record("should be unknown")
            return
        }
    }

    @Test("A pool that takes nothing is a failure, not an unknown user")
    func overloaded() async {
        let database = PasswdDatabase(pool: BlockingPool(threads: 0))
        guard case .failed(let failure) = await database.lookup(UserQuery(user: "root")) else {
            Issue.record("should have failed")
            return
        }
        #expect(failure.description == "passwd can't be asked now: too many lookups are waiting")
        #expect(database.immediateLookup(UserQuery(user: "root")) == nil)
    }

    private static func lookup(_ field: String) -> PasswordLookup {
        PasswdDatabase.lookup(Array(field.utf8).span, of: "alice", decoy: nil)
    }

    // The hash is of "secret" (openssl passwd -6 -salt gatepost secret).
    @Test("A hash in the entry is the password, under the name as the system spells it")
    func hash() throws {
        let text =
            "$6$gatepost$Wyt8YasnUXyNbNqdUccgGotkbiG.ggTFlPK9MfxP3rfIWbN3UCTMhFeQozArPWy5SQJgsooNu6tNIhC/9ioaw/"
        guard case .found(let entry) = Self.lookup(text) else {
            Issue.record("not found")
            return
        }
        #expect(entry.user == "alice" && !entry.hasEmptyPassword)
        var workspace = HashingWorkspace()
        #expect(try entry.password.verify(Secret(copying: Array("secret".utf8).span), user: "alice", using: &workspace))
        #expect(try !entry.password.verify(Secret(copying: Array("x".utf8).span), user: "alice", using: &workspace))
    }

    @Test("What can be nobody's hash lets nobody in", arguments: ["*", "!", "!!", "*NP*", "x", ""])
    func locked(field: String) {
        switch Self.lookup(field) {
        case .refused, .unusable: break
        case .found(let entry): #expect(entry.hasEmptyPassword)
        case .unknownUser, .failed: Issue.record("\(field) should be refused")
        }
    }
}
