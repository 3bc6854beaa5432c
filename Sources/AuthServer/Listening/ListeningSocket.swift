internal import CPlatform
internal import Glibc

/// A Unix socket that clients can connect to, bound and listening, but not accepting yet.
///
/// It can be made before a process gives up its privileges, and be served afterwards.
public struct ListeningSocket: Sendable, Hashable {
    /// Where and for whom.
    public struct Address: Sendable, Hashable {
        /// An absolute path of at most 107 bytes.
        public var path: String
        /// The permission bits; connecting needs write permission.
        public var mode: UInt32
        /// The owner's name; nil for this process's user.
        public var user: String?
        /// The group's name; nil for this process's group.
        public var group: String?

        public init(path: String, mode: UInt32 = 0o600, user: String? = nil, group: String? = nil) {
            self.path = path
            self.mode = mode
            self.user = user
            self.group = group
        }
    }

    public let address: Address
    /// Owned by whoever serves it.
    package let descriptor: Int32

    /// Binds the socket; one that nobody listens on any more is replaced.
    ///
    /// - Throws: ``ListeningError``, whose text says what to do.
    public static func bind(_ address: Address) throws(ListeningError) -> ListeningSocket {
        let path = address.path
        guard let socketAddress = UnixSocketAddress(path: path) else {
            throw ListeningError(
                .pathTooLong, path: path,
                "a Unix socket's path has 1 to \(UnixSocketAddress.longestPath) bytes, this one \(path.utf8.count); "
                    + "choose a shorter one")
        }
        let owner = try Owner(address)
        try removeStale(path, socketAddress)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ListeningError(systemCall: "socket", path: path) }
        do throws(ListeningError) {
            // Nobody may connect before owner and mode are right.
            let mask = umask(0o177)
            let status = unsafe socketAddress.withPointer { unsafe Glibc.bind(descriptor, $0, $1) }
            let cause = errno
            umask(mask)
            guard status == 0 else { throw ListeningError(binding: path, cause) }
            do throws(ListeningError) {
                try owner.take(path)
                guard unsafe chmod(path, address.mode) == 0 else { throw ListeningError(systemCall: "chmod", path: path) }
                guard listen(descriptor, 1024) == 0 else { throw ListeningError(systemCall: "listen", path: path) }
            } catch {
                unsafe Glibc.unlink(path)
                throw error
            }
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        return ListeningSocket(address: address, descriptor: descriptor)
    }

    /// The same socket with the owner and mode of `address`, whose path is the same.
    ///
    /// - Throws: ``ListeningError``.
    package func giving(_ address: Address) throws(ListeningError) -> ListeningSocket {
        guard address != self.address else { return self }
        try Owner(address).take(address.path)
        guard unsafe chmod(address.path, address.mode) == 0 else {
            throw ListeningError(systemCall: "chmod", path: address.path)
        }
        return ListeningSocket(address: address, descriptor: descriptor)
    }

    /// Removes the socket's file, if this process may.
    public func unlink() {
        _ = unsafe Glibc.unlink(address.path)
    }

    /// Has accepting fail where it would wait: several loops may look for the same connection.
    func stopBlocking() {
        // O_NONBLOCK is the only flag that sockets have, and nothing can be wrong with setting it.
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    /// Lets go of a socket that will not be served.
    package func discard() {
        unlink()
        Glibc.close(descriptor)
    }

    private static func removeStale(_ path: String, _ address: UnixSocketAddress) throws(ListeningError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw ListeningError(
                .notASocket, path: path, "there is something else than a socket; move it away or choose another path")
        }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { throw ListeningError(systemCall: "socket", path: path) }
        defer { Glibc.close(probe) }
        let connected = unsafe address.withPointer { unsafe connect(probe, $0, $1) }
        guard connected != 0, errno == ECONNREFUSED else {
            guard connected == 0 || errno == EAGAIN else {
                throw ListeningError(
                    .permissionDenied, path: path,
                    "can't find out whether the socket is in use: \(errorText(errno)); "
                        + "remove it if no server is running")
            }
            throw ListeningError(
                .inUse, path: path,
                "already in use by another process; stop that one (Dovecot's auth service, or another gatepost) "
                    + "or choose another path")
        }
        guard unsafe Glibc.unlink(path) == 0 else {
            throw ListeningError(
                .permissionDenied, path: path, "can't remove the stale socket: \(errorText(errno))")
        }
    }
}

/// The ids behind a socket's user and group.
private struct Owner {
    // chown leaves an id of -1 as it is.
    var user = uid_t.max
    var group = gid_t.max
    let names: String

    init(_ address: ListeningSocket.Address) throws(ListeningError) {
        let named = [("user", address.user ?? ""), ("group", address.group ?? "")].filter { !$0.1.isEmpty }
        names = named.map { "\($0) \($1)" }.joined(separator: " and ")
        if let name = address.user, !name.isEmpty {
            guard let id = SystemAccounts.userID(named: name) else {
                throw ListeningError(
                    .unknownUser, path: address.path,
                    "there is no user \"\(name)\" on this system (unix_listener setting \"user\"); "
                        + "install the package that makes it, or name another")
            }
            user = id
        }
        if let name = address.group, !name.isEmpty {
            guard let id = SystemAccounts.groupID(named: name) else {
                throw ListeningError(
                    .unknownGroup, path: address.path,
                    "there is no group \"\(name)\" on this system (unix_listener setting \"group\"); "
                        + "install the package that makes it, or name another")
            }
            group = id
        }
    }

    func take(_ path: String) throws(ListeningError) {
        guard user != .max || group != .max else { return }
        if user == getuid() || user == .max, group == getgid() || group == .max { return }
        guard unsafe chown(path, user, group) == 0 else {
            throw ListeningError(
                .permissionDenied, path: path,
                "can't give the socket to \(names): \(errorText(errno)); start as root, "
                    + "or leave out \"user\" and \"group\"")
        }
    }
}

extension ListeningError {
    init(systemCall name: String, path: String) {
        self.init(.system, path: path, "\(name) failed: \(errorText(errno))")
    }

    init(binding path: String, _ cause: Int32) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        switch cause {
        case ENOENT, ENOTDIR:
            self.init(
                .missingDirectory, path: path,
                "the directory \(directory) does not exist; create it, or install what it belongs to "
                    + "(/var/spool/postfix/private comes with Postfix)")
        case EACCES, EPERM, EROFS:
            self.init(
                .permissionDenied, path: path,
                "no permission to create a socket in \(directory): \(errorText(cause)); "
                    + "start as root, or choose a directory of your own")
        case EADDRINUSE:
            self.init(.inUse, path: path, "already in use by another process")
        default:
            self.init(.system, path: path, "bind failed: \(errorText(cause))")
        }
    }
}

/// The system's sentence for an `errno`.
func errorText(_ code: Int32) -> String {
    // strerror of glibc returns text that stays valid on this thread.
    unsafe String(cString: strerror(code))
}
