internal import Glibc
internal import PasswordSchemes
internal import Secrets
internal import Synchronization

/// The system's accounts and the passwords in their entries (getpwnam(3)): a name service such as NIS or LDAP may have
/// some there. Where /etc/shadow has them, ``ShadowDatabase`` is asked instead.
public final class PasswdDatabase: PasswordDatabase {
    public let driver = "passwd"
    public let cacheKey: VariableTemplate? = .user

    private let pool: BlockingPool
    /// A hash of the kind that users here have, once one was seen.
    private let decoy = Mutex<StoredPassword?>(nil)

    /// - Parameter pool: where the name service is asked.
    public init(pool: BlockingPool) {
        self.pool = pool
    }

    public func lookup(_ query: UserQuery) async -> PasswordLookup {
        let decoy = decoy.withLock { $0 }
        // C would take what is before a NUL for the name.
        guard !query.user.utf8.contains(0) else { return .unknownUser(decoy: decoy) }
        do {
            let answer = try await pool.run { Self.lookup(query.user, decoy: decoy) }
            if case .found(let entry) = answer { self.decoy.withLock { $0 = entry.password } }
            return answer
        } catch {
            return .failed(DatabaseFailure("passwd can't be asked now: too many lookups are waiting"))
        }
    }

    private static func lookup(_ user: String, decoy: StoredPassword?) -> PasswordLookup {
        var size = 1024
        while true {
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
            // A hash must not stay behind on the heap.
            defer {
                unsafe wipe(buffer)
                unsafe buffer.deallocate()
            }
            guard let start = unsafe buffer.assumingMemoryBound(to: CChar.self).baseAddress else {
                return .failed(DatabaseFailure("no memory for getpwnam"))
            }
            var entry = unsafe passwd()
            var found: UnsafeMutablePointer<passwd>?
            // The entry's text lies in the buffer, which outlives its use here.
            let status = unsafe getpwnam_r(
                user, &entry, start, size, &found)
            switch status {
            // Some name services say so of an unknown name (getpwnam(3), "RETURN VALUE").
            case ENOENT, ESRCH, EBADF, EPERM, 0:
                guard unsafe found != nil, let text = unsafe entry.pw_passwd, let name = unsafe entry.pw_name else {
                    return .unknownUser(decoy: decoy)
                }
                let count = unsafe strlen(text)
                let spelling = unsafe String(cString: name)
                return unsafe text.withMemoryRebound(to: UInt8.self, capacity: count) { start in
                    self.lookup(unsafe Span(_unsafeStart: start, count: count), of: spelling, decoy: decoy)
                }
            case ERANGE where size < 1 << 20:
                size *= 4
            case EINTR:
                continue
            default:
                return .failed(DatabaseFailure("getpwnam failed: \(unsafe String(cString: strerror(status)))"))
            }
        }
    }

    /// What the password field says.
    static func lookup(_ password: Span<UInt8>, of user: String, decoy: StoredPassword?) -> PasswordLookup {
        // passwd(5): an x stands for a password in /etc/shadow, and is no hash of any.
        if password.count == 1, password[0] == UInt8(ascii: "x") {
            return .refused(
                .disabled("the password is in /etc/shadow, which passdb { driver = shadow } reads"), password: nil,
                decoy: decoy)
        }
        let lookup = ShadowEntry().lookup(password: password, today: 0, defaultScheme: .crypt, decoy: decoy)
        guard case .found(var entry) = lookup else { return lookup }
        entry.user = user
        return .found(entry)
    }
}
