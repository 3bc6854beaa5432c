import AuthDatabases
import Glibc
import PasswordSchemes
import Secrets
import Testing

/// A passwd-file in a directory of its own.
private final class TestFile {
    let directory: String
    let path: String

    init(_ text: String) throws {
        var template = Array("/tmp/gp-users.XXXXXX".utf8CString)
        // mkdtemp writes into the array, which keeps its length.
        directory = unsafe String(cString: try #require(unsafe mkdtemp(&template)))
        path = directory + "/users"
        try write(text)
    }

    func write(_ text: String) throws {
        // C strings that live for the calls.
        let opened = unsafe fopen(path, "w")
        let file = try unsafe #require(opened)
        unsafe fputs(text, file)
        unsafe fclose(file)
    }

    func replace(_ text: String) throws {
        let other = directory + "/new"
        let opened = unsafe fopen(other, "w")
        let file = try unsafe #require(opened)
        unsafe fputs(text, file)
        unsafe fclose(file)
        // As an editor does.
        unsafe rename(other, path)
    }

    deinit {
        unsafe unlink(path)
        unsafe rmdir(directory)
    }
}

@Suite("passwd-file")
struct PasswdFileDatabaseTests {
    let pool = BlockingPool()

    private func entry(_ database: PasswdFileDatabase, _ user: String) async throws -> PasswordEntry? {
        guard case .found(let entry) = await database.lookup(UserQuery(user: user)) else { return nil }
        return entry
    }

    // Dovecot 2.3.19: blank lines, lines that begin with # or :, and CR before LF are no users.
    @Test(
        "Every user is found, whatever stands around the line",
        arguments: [
            "alice:{PLAIN}x", "alice:{PLAIN}x\n", "\n\nalice:{PLAIN}x\r\n", "# alice:{PLAIN}y\nalice:{PLAIN}x",
            ":nobody\nalice:{PLAIN}x:::::", "bob:{PLAIN}b\nalice:{PLAIN}x:1000:1000::/home/alice::userdb_x=y\n",
            "alice:{PLAIN}x\nalice:{PLAIN}second\n",
        ])
    func found(text: String) async throws {
        let file = try TestFile(text)
        let database = PasswdFileDatabase(path: file.path, pool: pool)
        let found = try #require(try await entry(database, "alice"))
        #expect(found.password.scheme == .plain && !found.hasEmptyPassword)
        #expect(try await entry(database, "alic") == nil)
        #expect(try await entry(database, "") == nil)
        #expect(try await entry(database, "#") == nil)
    }

    @Test(
        "A name is found only as a whole, and never by what stands around it",
        arguments: [
            ("alice:{PLAIN}x", ["alic", "alice:", "alice:{PLAIN}x", "lice", "alice\r", "alice\n", "alice\0", ":", "\n"]),
            ("alice\r\nbob\n", ["alice\r", "alice\r\nbob", "bob\n", "\r"]), ("alice\r", ["alice\r"]), ("alice", ["alice\n"]),
            ("alice:{PLAIN}x\n#bob:x\n", ["#bob", "bob", "x"]),
        ])
    func whole(text: String, others: [String]) async throws {
        let file = try TestFile(text)
        let database = PasswdFileDatabase(path: file.path, pool: pool)
        guard case .found = await database.lookup(UserQuery(user: "alice")) else {
            Issue.record("alice is there")
            return
        }
        for other in others {
            guard case .unknownUser = await database.lookup(UserQuery(user: other)) else {
                Issue.record("\(other.debugDescription) is not there")
                continue
            }
        }
    }

    // Both names read "café", and are equal as Swift's texts.
    @Test("A name is not taken for one that only looks the same, whoever was asked for before")
    func sameLook() async throws {
        let file = try TestFile("caf\u{e9}:{PLAIN}x\n")
        // Where names are remembered is random, and they have to meet there.
        for _ in 0..<64 {
            let database = PasswdFileDatabase(path: file.path, pool: pool)
            #expect(try await entry(database, "caf\u{e9}") != nil)
            #expect(try await entry(database, "cafe\u{301}") == nil)
        }
    }

    @Test("However many users log in, and however often, each has what stands in their line")
    func eachTheirOwn() async throws {
        let text = (0..<3000).map { "user\($0):{PLAIN}x:::::: n=\($0)\n" }.joined()
        let file = try TestFile(text)
        let database = PasswdFileDatabase(path: file.path, pool: pool)
        for round in 0..<3 {
            for number in stride(from: 0, to: 3000, by: round + 1) {
                let found = try #require(try await entry(database, "user\(number)"))
                #expect(found.fields == [ExtraField("n", "\(number)")])
            }
        }
    }

    // The names have 1 to 40 bytes, and differ at their beginning, in the middle, or at their end only.
    @Test("Names of every length are told apart")
    func lengths() async throws {
        var text = ""
        for length in 1...40 {
            for place in [0, length / 2, length - 1] {
                var name = [UInt8](repeating: UInt8(ascii: "a"), count: length)
                name[place] = UInt8(ascii: "b") + UInt8(place % 20)
                text += String(decoding: name, as: UTF8.self) + ":{PLAIN}\(length)-\(place)\n"
            }
        }
        let file = try TestFile(text)
        let database = PasswdFileDatabase(path: file.path, pool: pool)
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":")
            let found = try #require(try await entry(database, String(parts[0])))
            let isIt = found.password.plainText?.withSecret { secret in
                secret.withBytes { bytes in "{PLAIN}" + String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
            }
            // Of the shortest names several are one.
            if parts[0].count > 2 { #expect(isIt == String(parts[1])) }
        }
    }

    @Test("Extra fields stand behind the seventh colon, are separated by blanks, and may hold colons")
    func extraFields() async throws {
        let file = try TestFile("alice:{PLAIN}x:1:2:g:/h:/s:a=b:c nodelay d=e=f userdb_mail=/x g=\n")
        let found = try await entry(PasswdFileDatabase(path: file.path, pool: pool), "alice")
        #expect(
            found?.fields == [
                ExtraField("a", "b:c"), ExtraField("nodelay"), ExtraField("d", "e=f"), ExtraField("userdb_mail", "/x"),
                ExtraField("g"),
            ])
    }

    @Test("Behind an empty field stands the mail location of an older format, which is no extra field")
    func olderFormat() async throws {
        let file = try TestFile("alice:{PLAIN}x:1:2::/home/alice:/bin/sh::mbox:/var/mail/alice nopassword\n")
        #expect(try await entry(PasswdFileDatabase(path: file.path, pool: pool), "alice")?.fields == [])
    }

    @Test("A password field without a hash is marked as empty", arguments: ["alice", "alice:", "alice:{PLAIN}", "alice::1:2"])
    func emptyPassword(line: String) async throws {
        let file = try TestFile(line)
        let database = PasswdFileDatabase(path: file.path, pool: pool)
        switch await database.lookup(UserQuery(user: "alice")) {
        case .found(let entry): #expect(entry.hasEmptyPassword)
        case .unusable: break
        default: Issue.record("alice is there")
        }
    }

    @Test("A change is seen by the next lookup, by rename and in place")
    func reload() async throws {
        let file = try TestFile("alice:{PLAIN}x\n")
        let database = PasswdFileDatabase(path: file.path, pool: pool)
        #expect(try await entry(database, "alice") != nil)
        #expect(database.immediateLookup(UserQuery(user: "alice")) != nil)
        try file.replace("bob:{PLAIN}x\n")
        #expect(database.immediateLookup(UserQuery(user: "bob")) == nil)
        #expect(try await entry(database, "bob") != nil)
        #expect(try await entry(database, "alice") == nil)
        try file.write("carol:{PLAIN}x\n")
        #expect(try await entry(database, "carol") != nil)
    }

    @Test("A file that is missing, at the start or later, is an internal failure that names it")
    func missing() async throws {
        let file = try TestFile("alice:{PLAIN}x\n")
        let database = PasswdFileDatabase(path: file.path, pool: pool)
        #expect(try await entry(database, "alice") != nil)
        unsafe unlink(file.path)
        guard case .failed(let failure) = await database.lookup(UserQuery(user: "alice")) else {
            Issue.record("the file is gone")
            return
        }
        #expect(failure.description.contains(file.path))
        try file.write("alice:{PLAIN}x\n")
        #expect(try await entry(database, "alice") != nil)
    }

    @Test("For a file that there is no memory for the old users stay in force, which is said once, until it is smaller")
    func tooLarge() async throws {
        let file = try TestFile("alice:{PLAIN}x\n")
        let (notices, continuation) = AsyncStream.makeStream(of: String.self)
        let database = PasswdFileDatabase(path: file.path, pool: pool) { continuation.yield($0) }
        let newcomer = PasswdFileDatabase(path: file.path, pool: pool)
        #expect(try await entry(database, "alice") != nil)
        try file.replace("bob:{PLAIN}x\n")
        // Of three gibibytes one page is on the disk, and of memory one is left.
        #expect(unsafe truncate(file.path, 3 << 30) == 0)
        try await withAddressSpace(left: 1 << 30) {
            for _ in 0..<2 {
                let old = try await entry(database, "alice")
                #expect(old != nil)
            }
            // However soon the reading ends, whoever has asked for it learns that it failed.
            for _ in 0..<500 { await #expect(throws: DatabaseFailure.self) { try await newcomer.reload() } }
            guard case .failed(let failure) = await newcomer.lookup(UserQuery(user: "bob")) else {
                Issue.record("there is memory for it")
                return
            }
            #expect(failure.description.hasPrefix("there is no memory for the \(3 << 30) bytes of \(file.path) "))
        }
        #expect(unsafe truncate(file.path, 14) == 0)
        #expect(try await entry(database, "alice") == nil)
        #expect(try await entry(database, "bob") != nil)
        #expect(try await entry(newcomer, "bob") != nil)
        continuation.finish()
        var texts: [String] = []
        for await notice in notices { texts.append(notice) }
        #expect(texts.count == 1 && texts[0].hasSuffix("; the users that were read before stay in force"), "\(texts)")
    }

    /// Limits the memory that this process may yet have, in bytes, for the length of `body`.
    private func withAddressSpace(left: UInt, _ body: () async throws -> Void) async throws {
        var old = rlimit()
        // The structures live for the calls.
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &old)
        var new = old
        new.rlim_cur = try addressSpace() + left
        #expect(unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &new) == 0)
        defer { unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &old) }
        try await body()
    }

    /// What this process has now: the first number of `/proc/self/statm`, in pages.
    private func addressSpace() throws -> UInt {
        let opened = unsafe fopen("/proc/self/statm", "r")
        let file = try unsafe #require(opened)
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        // The array lives as long as the call, and is ended by a zero.
        let text = unsafe fgets(&line, Int32(line.count), file).map { unsafe String(cString: $0) } ?? ""
        return try #require(text.split(separator: " ").first.flatMap { UInt($0) }) * 4096
    }

    @Test("Of a name that stands twice the first line counts, and the log is told")
    func duplicates() async throws {
        let file = try TestFile("alice:{PLAIN}x\nbob:{PLAIN}x\nalice:{SHA1}x\n")
        let (notices, continuation) = AsyncStream.makeStream(of: String.self)
        let database = PasswdFileDatabase(path: file.path, pool: pool) { continuation.yield($0) }
        #expect(try await entry(database, "alice")?.password.scheme == .plain)
        continuation.finish()
        var texts: [String] = []
        for await notice in notices { texts.append(notice) }
        #expect(texts.count == 1 && texts[0].contains("alice") && texts[0].contains(":3:"))
    }

    // Dovecot 2.3.19.1 logs `passwd-file(alice): unknown user`, and lets bob in.
    @Test("A byte order mark belongs to the first line's name, and the log is told once")
    func byteOrderMark() async throws {
        let file = try TestFile("\u{feff}alice:{PLAIN}x\nbob:{PLAIN}x\n")
        let (notices, continuation) = AsyncStream.makeStream(of: String.self)
        let database = PasswdFileDatabase(path: file.path, pool: pool) { continuation.yield($0) }
        for _ in 0..<2 {
            #expect(try await entry(database, "alice") == nil)
            #expect(try await entry(database, "bob") != nil)
            #expect(try await entry(database, "\u{feff}alice") != nil)
        }
        continuation.finish()
        var texts: [String] = []
        for await notice in notices { texts.append(notice) }
        #expect(texts.count == 1, "\(texts)")
        #expect(texts.first?.hasPrefix("passwd-file \(file.path):1: The file begins with a byte order mark") == true, "\(texts)")
    }

    @Test("A file without a byte order mark has none, however short", arguments: ["", "a", "\u{e9}", "x\u{feff}:y\n"])
    func noByteOrderMark(text: String) {
        let isThere = ByteOrderMark.leads(Array(text.utf8).span)
        #expect(!isThere)
    }

    @Test("A stranger costs what the costliest of the known users costs")
    func decoy() async throws {
        // openssl passwd -5 -salt saltsalt x
        let hash = "$5$saltsalt$Qn7VJq3Bb1bCrqOXvQQ7kkH5lEDyL5Nq4uFkNnM6nR9"
        let file = try TestFile("alice:{PLAIN}x\nbob:\(hash)\n")
        let database = PasswdFileDatabase(path: file.path, pool: pool)
        guard case .unknownUser(let decoy) = await database.lookup(UserQuery(user: "mallory")) else {
            Issue.record("mallory is not there")
            return
        }
        #expect(decoy?.cost == .costly)
    }

    @Test("All of a hundred thousand users are found")
    func manyUsers() async throws {
        var text = ""
        for number in 0..<100_000 { text += "user\(number)@example.com:{PLAIN}p\(number)\n" }
        let file = try TestFile(text)
        let database = PasswdFileDatabase(path: file.path, pool: pool)
        try await database.reload()
        for number in stride(from: 0, to: 100_000, by: 997) {
            guard case .found = database.immediateLookup(UserQuery(user: "user\(number)@example.com")) else {
                Issue.record("user\(number)")
                continue
            }
        }
        guard case .unknownUser = database.immediateLookup(UserQuery(user: "user100000@example.com")) else {
            Issue.record("a user too many")
            return
        }
    }
}
