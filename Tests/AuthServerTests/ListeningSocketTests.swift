import Glibc
import Testing

@testable import AuthServer

@Suite("Making a socket")
struct ListeningSocketTests {
    private let directory: TestDirectory
    private var path: String { directory.path + "/auth" }

    init() throws { directory = try TestDirectory() }

    private func error(_ address: ListeningSocket.Address) -> ListeningError? {
        do throws(ListeningError) {
            let socket = try ListeningSocket.bind(address)
            close(socket.descriptor)
            return nil
        } catch {
            return error
        }
    }

    private func status(_ path: String) throws -> stat {
        var status = stat()
        // The structure is filled during the call.
        guard unsafe lstat(path, &status) == 0 else { throw SystemError(code: errno) }
        return status
    }

    @Test("Its mode is the one that was asked for, whatever the umask", arguments: [0o600, 0o660, 0o666, 0o777] as [UInt32])
    func mode(mode: UInt32) throws {
        let socket = try ListeningSocket.bind(.init(path: path, mode: mode))
        defer { close(socket.descriptor) }
        let status = try status(path)
        #expect(status.st_mode & 0o7777 == mode)
        #expect(status.st_mode & S_IFMT == S_IFSOCK)
        #expect(status.st_uid == geteuid())
        _ = try SocketClient(path)
    }

    @Test("Its owner and group are those that were named", .enabled(if: geteuid() == 0, "only root gives files away"))
    func owner() throws {
        // The ids are Debian's fixed ones.
        let socket = try ListeningSocket.bind(.init(path: path, mode: 0o660, user: "daemon", group: "mail"))
        defer { close(socket.descriptor) }
        let status = try status(path)
        #expect(status.st_uid == 1)
        #expect(status.st_gid == 8)
        #expect(status.st_mode & 0o7777 == 0o660)
    }

    @Test("At a reload it can be given another mode without being made anew")
    func giving() throws {
        let socket = try ListeningSocket.bind(.init(path: path, mode: 0o600))
        defer { close(socket.descriptor) }
        let before = try status(path).st_ino
        let given = try socket.giving(.init(path: path, mode: 0o666))
        #expect(given.address.mode == 0o666)
        let after = try status(path)
        #expect(after.st_mode & 0o7777 == 0o666)
        #expect(after.st_ino == before)
    }

    @Test("A socket that nobody listens on any more is replaced")
    func stale() throws {
        let old = try ListeningSocket.bind(.init(path: path))
        close(old.descriptor)
        let socket = try ListeningSocket.bind(.init(path: path))
        defer { close(socket.descriptor) }
        _ = try SocketClient(path)
    }

    @Test("A socket that is served is refused, and stays")
    func live() throws {
        let old = try ListeningSocket.bind(.init(path: path))
        defer { close(old.descriptor) }
        let error = error(.init(path: path))
        #expect(error?.code == .inUse)
        #expect(error?.description.hasPrefix("\(path): already in use by another process") == true)
        _ = try SocketClient(path)
    }

    @Test("Something else than a socket is refused, and stays")
    func otherFile() throws {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        close(file)
        #expect(error(.init(path: path))?.code == .notASocket)
        #expect(try status(path).st_mode & S_IFMT == S_IFREG)
    }

    @Test("A missing directory is named, with what to do")
    func missingDirectory() {
        let error = error(.init(path: directory.path + "/nowhere/auth"))
        #expect(error?.code == .missingDirectory)
        #expect(error?.description.contains("\(directory.path)/nowhere does not exist; create it") == true)
    }

    @Test("A path of 107 bytes can be had, one of 108 can't (unix(7))")
    func pathLength() {
        let padding = String(repeating: "x", count: 107 - directory.path.utf8.count - 1)
        #expect(error(.init(path: directory.path + "/" + padding)) == nil)
        let error = error(.init(path: directory.path + "/" + padding + "x"))
        #expect(error?.code == .pathTooLong)
        #expect(error?.description.contains("1 to 107 bytes, this one 108") == true)
        #expect(self.error(.init(path: ""))?.code == .pathTooLong)
    }

    @Test("An unknown user or group is named, and nothing is left behind")
    func unknownNames() {
        let user = error(.init(path: path, user: "no-such-user"))
        #expect(user?.code == .unknownUser)
        #expect(user?.description.contains("\"no-such-user\"") == true)
        let group = error(.init(path: path, group: "no-such-group"))
        #expect(group?.code == .unknownGroup)
        #expect(group?.description.contains("\"no-such-group\"") == true)
        #expect(directory.names == [])
    }
}
