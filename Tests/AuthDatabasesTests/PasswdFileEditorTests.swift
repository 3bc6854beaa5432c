import Glibc
import Secrets
import Testing

@testable import AuthDatabases

@Suite("Replacing a passwd-file", .timeLimit(.minutes(1)))
struct PasswdFileEditorTests {
    @discardableResult
    private func set(
        _ password: String, of user: String, in path: String, creating: Bool = false, patience: Duration = .seconds(30)
    ) throws -> PasswdFileText.Change {
        let editor = PasswdFileEditor(path: path, createsFile: creating, patience: patience)
        let name = try PasswdFileUserName(user)
        return try editor.edit { (file) throws(PasswdFileEditError) in
            try file.setPassword(Array(password.utf8).span, of: name)
        }
    }

    private func code(_ body: () throws -> Void) -> PasswdFileEditError.Code? {
        #expect(throws: PasswdFileEditError.self) { try body() }?.code
    }

    @Test("The new file has the mode of the old, and nothing else is left in the directory", arguments: [
        0o600, 0o640, 0o444, 0o4755, 0o000,
    ] as [mode_t])
    func mode(mode: mode_t) throws {
        let place = try PasswdFileEditPlace("alice:x\n")
        unsafe chmod(place.file, mode)
        let old = try place.status()
        // Without root's powers a file of mode 000 can't be read.
        guard geteuid() == 0 || mode & 0o400 != 0 else { return }
        try set("new", of: "alice", in: place.file)
        let new = try place.status()
        #expect(new.st_mode & 0o7777 == mode)
        #expect(new.st_ino != old.st_ino)
        unsafe chmod(place.file, 0o600)
        #expect(place.text() == "alice:new\n")
        #expect(place.names == ["users"])
    }

    @Test("The new file has the owner and group of the old", .enabled(if: geteuid() == 0, "only root can give files away"))
    func owner() throws {
        let place = try PasswdFileEditPlace("alice:x\n")
        unsafe chown(place.file, 12345, 54321)
        unsafe chmod(place.file, 0o640)
        try set("new", of: "alice", in: place.file)
        let new = try place.status()
        #expect(new.st_uid == 12345)
        #expect(new.st_gid == 54321)
        #expect(new.st_mode & 0o7777 == 0o640)
    }

    @Test("The access list and the user's attributes go over to the new file")
    func attributes() throws {
        let place = try PasswdFileEditPlace("alice:x\n")
        // acl(5) as the kernel stores it, version 2: user::rw-, user:8:r--, group::---, mask::r--, other::---
        let list: [UInt8] =
            [2, 0, 0, 0]
            + [1, 0, 6, 0, 255, 255, 255, 255] + [2, 0, 4, 0, 8, 0, 0, 0] + [4, 0, 0, 0, 255, 255, 255, 255]
            + [16, 0, 4, 0, 255, 255, 255, 255] + [32, 0, 0, 0, 255, 255, 255, 255]
        let supported = try withDescriptor(place.file) { file in
            (ExtendedAttributes.set(ExtendedAttributes.accessList, to: list, in: file),
                ExtendedAttributes.set("user.note", to: [1, 2], in: file))
        }
        try set("new", of: "alice", in: place.file)
        let found = try withDescriptor(place.file) { file in
            (ExtendedAttributes.value(of: ExtendedAttributes.accessList, in: file),
                ExtendedAttributes.value(of: "user.note", in: file))
        }
        // File systems differ in what they can store.
        #expect(found.0 == (supported.0 == 0 ? list : nil))
        #expect(found.1 == (supported.1 == 0 ? [1, 2] : nil))
        #expect(place.text() == "alice:new\n")
    }

    private func withDescriptor<Result>(_ path: String, _ body: (CInt) -> Result) throws -> Result {
        let number = unsafe open(path, O_RDWR | O_CLOEXEC)
        try #require(number >= 0)
        defer { close(number) }
        return body(number)
    }

    @Test("A symbolic link stays, and the file that it names is replaced", arguments: ["other", "./other", "first"])
    func symbolicLinks(target: String) throws {
        let place = try PasswdFileEditPlace(nil)
        try place.write("alice:x\n", to: "other")
        unsafe symlink(place.directory + "/other", place.directory + "/first")
        unsafe symlink(target, place.file)
        try set("new", of: "alice", in: place.file)
        #expect(try place.status().st_mode & S_IFMT == S_IFLNK)
        #expect(place.text("other") == "alice:new\n")
        #expect(place.names == ["users", "first", "other"])
    }

    @Test("A link into another directory is replaced there; a dangling one is where a file is made")
    func linkElsewhere() throws {
        let (place, elsewhere) = (try PasswdFileEditPlace(nil), try PasswdFileEditPlace(nil))
        unsafe symlink(elsewhere.file, place.file)
        #expect(code { try set("x", of: "alice", in: place.file) } == .missingFile)
        try set("x", of: "alice", in: place.file, creating: true)
        try set("y", of: "bob", in: place.file)
        #expect(elsewhere.text() == "alice:x\nbob:y\n")
        #expect(place.names == ["users"])
        #expect(try place.status().st_mode & S_IFMT == S_IFLNK)
    }

    @Test("A ring of links, directories, pipes and missing files are errors")
    func noFiles() throws {
        let place = try PasswdFileEditPlace(nil)
        unsafe symlink("ring", place.directory + "/ring")
        unsafe mkfifo(place.directory + "/pipe", 0o600)
        for creating in [false, true] {
            #expect(code { try set("x", of: "a", in: place.directory + "/ring", creating: creating) } == .system)
            #expect(code { try set("x", of: "a", in: place.directory + "/pipe", creating: creating) } == .noRegularFile)
            #expect(code { try set("x", of: "a", in: place.directory, creating: creating) } == .noRegularFile)
            #expect(code { try set("x", of: "a", in: place.directory + "/", creating: creating) } == .noRegularFile)
            #expect(code { try set("x", of: "a", in: "", creating: creating) } == .noRegularFile)
            #expect(code { try set("x", of: "a", in: place.directory + "/none/users", creating: creating) } == .system)
        }
        #expect(code { try set("x", of: "a", in: place.file) } == .missingFile)
        #expect(code { try PasswdFileEditor(path: place.file).check() } == .missingFile)
        try PasswdFileEditor(path: place.file, createsFile: true).check()
        #expect(place.names == ["ring", "pipe"])
    }

    @Test("A file that is made is for its owner only")
    func creates() throws {
        let place = try PasswdFileEditPlace(nil)
        let before = umask(0)
        defer { umask(before) }
        try set("x", of: "alice", in: place.file, creating: true)
        #expect(place.text() == "alice:x\n")
        #expect(try place.status().st_mode & 0o7777 == 0o600)
        #expect(try place.status().st_nlink == 1)
        #expect(place.names == ["users"])
    }

    @Test("An edit that throws leaves the file itself, not a copy of it")
    func throwing() throws {
        let place = try PasswdFileEditPlace("alice:x\n")
        let old = try place.status()
        let editor = PasswdFileEditor(path: place.file)
        let user = try PasswdFileUserName("bob")
        #expect(code { _ = try editor.edit { (file) throws(PasswdFileEditError) in try file.remove(user) } } == .unknownUser)
        #expect(try place.status().st_ino == old.st_ino)
        #expect(place.names == ["users"])
    }

    @Test("Leftovers of killed runs go; those of a running one, other names and other kinds stay")
    func leftovers() throws {
        let place = try PasswdFileEditPlace("alice:x\n")
        let (dead, alive) = (".users.gatepost-0123456789abcdef", ".users.gatepost-fedcba9876543210")
        let others: Set<String> = [
            ".users.gatepost-0123", ".users.gatepost-0123456789abcdeg", ".other.gatepost-0123456789abcdef",
            "users.gatepost-0123456789abcdef", "users~",
        ]
        for name in others.union([dead, alive]) { try place.write("half", to: name) }
        let pipe = ".users.gatepost-1111111111111111"
        unsafe mkfifo(place.directory + "/" + pipe, 0o600)
        // The maker of such a file holds its lock until the file has its place.
        try withDescriptor(place.directory + "/" + alive) { file in
            _ = flock(file, LOCK_EX)
            #expect(throws: Never.self) { try set("new", of: "alice", in: place.file) }
        }
        #expect(place.text() == "alice:new\n")
        #expect(place.names == others.union([alive, pipe, "users"]))
        try set("newer", of: "alice", in: place.file)
        #expect(place.names == others.union([pipe, "users"]))
    }

    @Test("A second name that a killed creation left goes with the next edit")
    func leftoverOfCreation() throws {
        let place = try PasswdFileEditPlace("alice:x\n")
        unsafe link(place.file, place.directory + "/.users.gatepost-0123456789abcdef")
        try set("new", of: "alice", in: place.file)
        #expect(place.names == ["users"])
    }

    @Test("If another program replaces the file meanwhile, the edit is made again on the new one")
    func replacedMeanwhile() throws {
        let place = try PasswdFileEditPlace("alice:x\n")
        let user = try PasswdFileUserName("alice")
        var rounds = 0
        _ = try PasswdFileEditor(path: place.file).edit { (file) throws(PasswdFileEditError) in
            rounds += 1
            if rounds == 1 {
                try? place.write("bob:theirs\nalice:x\n", to: "new")
                unsafe rename(place.directory + "/new", place.file)
            }
            if rounds == 2 { try? place.write("bob:theirs\nalice:x\ncarol:in place\n") }
            return try file.setPassword(Array("ours".utf8).span, of: user)
        }
        #expect(rounds == 3)
        #expect(place.text() == "bob:theirs\nalice:ours\ncarol:in place\n")
        #expect(place.names == ["users"])
    }

    @Test("If another program makes the missing file meanwhile, the edit is made on that")
    func createdMeanwhile() throws {
        let place = try PasswdFileEditPlace(nil)
        let user = try PasswdFileUserName("alice")
        _ = try PasswdFileEditor(path: place.file, createsFile: true).edit { (file) throws(PasswdFileEditError) in
            if file.bytes.isEmpty { try? place.write("bob:theirs\n") }
            return try file.setPassword(Array("ours".utf8).span, of: user)
        }
        #expect(place.text() == "bob:theirs\nalice:ours\n")
        #expect(place.names == ["users"])
    }

    @Test("Whoever holds the lock for too long is named as the reason")
    func locked() throws {
        let place = try PasswdFileEditPlace("alice:x\n")
        try withDescriptor(place.file) { file in
            _ = flock(file, LOCK_EX)
            #expect(code { try set("new", of: "alice", in: place.file, patience: .milliseconds(20)) } == .locked)
        }
        #expect(place.text() == "alice:x\n")
        try set("new", of: "alice", in: place.file)
    }

    @Test("Edits at the same time all come in, whether the file is there or not", arguments: [true, false])
    func concurrently(exists: Bool) async throws {
        let place = try PasswdFileEditPlace(exists ? Array("# ours\n".utf8) : nil)
        let path = place.file
        try await withThrowingTaskGroup { group in
            for number in 0..<40 {
                group.addTask { try Self.add("user\(number)", in: path) }
            }
            try await group.waitForAll()
        }
        let lines = try #require(place.text()).split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(Set(lines) == Set((0..<40).map { "user\($0):x" }))
        #expect(lines.count == 40)
        #expect(place.names == ["users"])
    }

    private static func add(_ user: String, in path: String) throws {
        let name = try PasswdFileUserName(user)
        _ = try PasswdFileEditor(path: path, createsFile: true).edit { (file) throws(PasswdFileEditError) in
            try file.setPassword(Array("x".utf8).span, of: name)
        }
    }
}
