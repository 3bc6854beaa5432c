import AuthDatabases
import Testing

@Suite("The system's accounts as a user database")
struct PasswdUserDatabaseTests {
    private let database = PasswdUserDatabase(pool: BlockingPool(threads: 1))

    @Test("root has id 0 and a home, in Dovecot's order")
    func root() async {
        let expected = UserRecord(
            user: "root",
            fields: [
                ExtraField("system_groups_user", "root"), ExtraField("uid", "0"), ExtraField("gid", "0"),
                ExtraField("home", "/root"),
            ])
        #expect(await database.lookup(UserQuery(user: "root")) == .found(expected))
    }

    @Test("Nobody else is there, whatever the name", arguments: ["no-such-user-here", "root\0x", "", "root@example.com"])
    func unknown(_ name: String) async {
        #expect(await database.lookup(UserQuery(user: name)) == .unknownUser)
    }

    @Test("LIST tells accounts in the range of ids")
    func list() async throws {
        let users = PasswdUserDatabase.ListedAccounts(userIDs: 0..<1, groupIDs: 0..<1)
        let database = PasswdUserDatabase(pool: BlockingPool(threads: 1), listed: users)
        var names = try #require(try await database.names())
        #expect(try await names.next() == ["root"])
        #expect(try await names.next() == nil)
    }

    @Test("By default services are not listed")
    func people() async throws {
        var names = try #require(try await database.names())
        let list = try #require(try await names.next())
        #expect(!list.contains("root"))
        #expect(!list.contains("daemon"))
    }

    @Test("A pool that takes nothing is a failure, not an unknown user")
    func overloaded() async {
        let database = PasswdUserDatabase(pool: BlockingPool(threads: 0))
        guard case .failed = await database.lookup(UserQuery(user: "root")) else {
            return #expect(Bool(false), "should have failed")
        }
        await #expect(throws: DatabaseFailure.self) { _ = try await database.names() }
    }

    @Test("Names of users, groups and files become numbers")
    func numbers() {
        #expect(AccountNumbers(.user("root")) == .number(0))
        #expect(AccountNumbers(.group("root")) == .number(0))
        #expect(AccountNumbers(.owner(ofFile: "/")) == .owner(user: 0, group: 0))
        #expect(AccountNumbers(.user("no-such-user-here")) == .unknown("Invalid UID value 'no-such-user-here'"))
        #expect(AccountNumbers(.group("no-such-group")) == .unknown("Invalid GID value 'no-such-group'"))
        guard case .unknown(let text) = AccountNumbers(.owner(ofFile: "/no/such/file")) else {
            return #expect(Bool(false), "should be unknown")
        }
        #expect(text.hasPrefix("stat(/no/such/file) failed"))
    }
}
