import PasswordSchemes
import Secrets
import TestSupport
import Testing

@testable import AuthDatabases

@Suite("Editing a passwd-file's text")
struct PasswdFileEditTextTests {
    private func set(
        _ password: String, of user: String, in text: String
    ) throws -> (text: String, change: PasswdFileText.Change) {
        var file = PasswdFileText(Array(text.utf8))
        let change = try file.setPassword(Array(password.utf8).span, of: PasswdFileUserName(user))
        return (String(decoding: file.bytes, as: UTF8.self), change)
    }

    @Test("Only the password of the user's line changes", arguments: [
        ("alice:old\n", "alice:{S}new\n", 1),
        ("alice:old", "alice:{S}new", 1),
        ("alice:old\r\n", "alice:{S}new\r\n", 1),
        ("alice:old\r\nbob:x\n", "alice:{S}new\r\nbob:x\n", 1),
        ("alice:\n", "alice:{S}new\n", 1),
        ("alice\n", "alice:{S}new\n", 1),
        ("alice\r\n", "alice:{S}new\r\n", 1),
        ("alice", "alice:{S}new", 1),
        ("alice:old:1000:1000:Alice:/home/a:/bin/sh:nopassword=y allow_nets=::1 k=a:b\n",
            "alice:{S}new:1000:1000:Alice:/home/a:/bin/sh:nopassword=y allow_nets=::1 k=a:b\n", 1),
        ("alice::::::\n", "alice:{S}new:::::\n", 1),
        ("alice:hash[13]:1\n", "alice:{S}new:1\n", 1),
        ("# alice:x\n\n  \n#alice:y\nalicea:1\nalic:2\n alice:3\nAlice:4\nalice :5\nalice:old\n\n# end",
            "# alice:x\n\n  \n#alice:y\nalicea:1\nalic:2\n alice:3\nAlice:4\nalice :5\nalice:{S}new\n\n# end", 10),
        ("\r\n\r\nalice:old:\r\n", "\r\n\r\nalice:{S}new:\r\n", 3),
        ("x:\u{0}\u{ff}\nalice:old\n", "x:\u{0}\u{ff}\nalice:{S}new\n", 2),
        ("bob:x:alice:y\nalice:old", "bob:x:alice:y\nalice:{S}new", 2),
    ])
    func changes(before: String, after: String, line: Int) throws {
        let result = try set("{S}new", of: "alice", in: before)
        #expect(result.text == after)
        #expect(result.change == PasswdFileText.Change(isNew: false, line: line, shadowed: []))
    }

    @Test("Bytes that are no UTF-8 are kept")
    func otherEncodings() throws {
        // Latin-1.
        let gecos: [UInt8] = [0x3a, 0xfc, 0xe9, 0x0a]
        var file = PasswdFileText(Array("alice:old:::".utf8) + gecos)
        _ = try file.setPassword(Array("n".utf8).span, of: PasswdFileUserName("alice"))
        #expect(file.bytes == Array("alice:n:::".utf8) + gecos)
    }

    @Test("A new user gets a line at the end, ended as the last line is", arguments: [
        ("", "alice:{S}new\n", 1),
        ("bob:x\n", "bob:x\nalice:{S}new\n", 2),
        ("bob:x", "bob:x\nalice:{S}new\n", 2),
        ("bob:x\r\n", "bob:x\r\nalice:{S}new\r\n", 2),
        ("a:1\r\nbob:x", "a:1\r\nbob:x\r\nalice:{S}new\r\n", 3),
        ("a:1\r\nbob:x\n", "a:1\r\nbob:x\nalice:{S}new\n", 3),
        ("# none\n\n", "# none\n\nalice:{S}new\n", 3),
        ("\n", "\nalice:{S}new\n", 2),
        ("#alice:x\n", "#alice:x\nalice:{S}new\n", 2),
    ])
    func adds(before: String, after: String, line: Int) throws {
        let result = try set("{S}new", of: "alice", in: before)
        #expect(result.text == after)
        #expect(result.change == PasswdFileText.Change(isNew: true, line: line, shadowed: []))
    }

    @Test("A byte order mark is kept, and told, for the first line's name has it")
    func byteOrderMark() throws {
        let result = try set("new", of: "alice", in: "\u{feff}alice:a\n")
        #expect(Array(result.text.utf8) == Array("\u{feff}alice:a\nalice:new\n".utf8))
        #expect(result.change == .init(isNew: true, line: 2, shadowed: [], hasByteOrderMark: true))
        let again = try set("newer", of: "alice", in: result.text)
        #expect(again.change == .init(isNew: false, line: 2, shadowed: [], hasByteOrderMark: true))
    }

    // Dovecot 2.3.19.1 takes the first line, and logs `User alice exists more than once`.
    @Test("Of several lines the first changes, and the others are told")
    func duplicates() throws {
        let result = try set("new", of: "alice", in: "x:1\nalice:a\nx:2\nalice:b\nalice\n")
        #expect(result.text == "x:1\nalice:new\nx:2\nalice:b\nalice\n")
        #expect(result.change == PasswdFileText.Change(isNew: false, line: 2, shadowed: [4, 5]))
    }

    @Test("Deleting takes all lines of the name, with their ends", arguments: [
        ("alice:x\n", "", [1]),
        ("alice", "", [1]),
        ("a:1\r\nalice:x\r\nb:2\r\n", "a:1\r\nb:2\r\n", [2]),
        ("a:1\nalice:x", "a:1\n", [2]),
        ("# c\nalice:1:::::\n\nb:2\nalice:2\n#e", "# c\n\nb:2\n#e", [2, 5]),
    ])
    func removes(before: String, after: String, lines: [Int]) throws {
        var file = PasswdFileText(Array(before.utf8))
        #expect(try file.remove(PasswdFileUserName("alice")) == lines)
        #expect(String(decoding: file.bytes, as: UTF8.self) == after)
    }

    @Test("Deleting a user who is not there is an error and no change", arguments: ["", "bob:x\n", "#alice:x\n", "Alice:x\n"])
    func unknownUser(text: String) throws {
        var file = PasswdFileText(Array(text.utf8))
        let error = #expect(throws: PasswdFileEditError.self) { try file.remove(PasswdFileUserName("alice")) }
        #expect(error?.code == .unknownUser)
        #expect(file.bytes == Array(text.utf8))
    }

    @Test("Names that no line can begin with are refused", arguments: [
        "", "#alice", "a:b", ":", "a\nb", "a\r", "a\u{0}", "a\tb", "\u{7f}", "a\u{fffd}",
    ])
    func invalidNames(name: String) {
        let error = #expect(throws: PasswdFileEditError.self) { try PasswdFileUserName(name) }
        #expect(error?.code == .invalidUserName)
    }

    @Test("Names that Dovecot finds are accepted", arguments: [
        "alice", "alice@example.com", "a b", "ünï", "a#b", "{x}", "-", "=",
    ])
    func validNames(name: String) throws {
        #expect(try PasswdFileUserName(name).text == name)
    }

    @Test("Text that would end the field or the line is refused", arguments: ["{PLAIN}a:b", "a\n", "a\r", "a\u{0}b"])
    func unsuitablePasswords(password: String) throws {
        var file = PasswdFileText(Array("alice:x\n".utf8))
        let error = #expect(throws: PasswdFileEditError.self) {
            try file.setPassword(Array(password.utf8).span, of: PasswdFileUserName("alice"))
        }
        #expect(error?.code == .unsuitablePassword)
        #expect(error.map { !$0.description.contains(password) } == true)
        #expect(file.bytes == Array("alice:x\n".utf8))
    }

    // The database is what Dovecot's behaviour was checked against, so it judges what an edit means.
    @Test("The database finds what was set, and everybody else as before", arguments: 0..<40)
    func meaning(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let pieces = ["a", "b", "a:x", "b:{PLAIN}q:1:2::::k=v", "#a:c", "", ":a", "a:{PLAIN}old", "\r", "a b:c", "a:p\r"]
        var text = ""
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            text += pieces.randomElement(using: &random)! + (Bool.random(using: &random) ? "\n" : "\r\n")
        }
        if Bool.random(using: &random), text.hasSuffix("\n") { text.unicodeScalars.removeLast() }
        var file = PasswdFileText(Array(text.utf8))
        _ = try file.setPassword(Array("{PLAIN}new".utf8).span, of: PasswdFileUserName("a"))
        let before = try await passwords(in: Array(text.utf8))
        let after = try await passwords(in: file.bytes)
        #expect(after["a"] == "new", "\(text.debugDescription)")
        for user in ["b", "a b", "#a", "c"] { #expect(before[user] == after[user], "\(text.debugDescription)") }
    }

    private func passwords(in bytes: [UInt8]) async throws -> [String: String] {
        let place = try PasswdFileEditPlace(bytes)
        let pool = BlockingPool(threads: 1)
        let database = PasswdFileDatabase(path: place.file, defaultScheme: .plain, pool: pool)
        var found: [String: String] = [:]
        for user in ["a", "b", "a b", "#a", "c"] {
            if case .found(let entry) = await database.lookup(UserQuery(user: user)) {
                found[user] = entry.password.plainText?.withSecret { secret in
                    secret.withBytes { bytes in
                        var text = ""
                        for index in bytes.indices { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
                        return text
                    }
                }
            }
        }
        return found
    }
}
