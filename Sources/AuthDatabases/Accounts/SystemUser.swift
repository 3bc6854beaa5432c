internal import Glibc
internal import Synchronization

/// An account as the system's name service has it (passwd(5)).
public struct SystemUser: Sendable, Hashable {
    public var name: String
    public var userID: UInt32
    public var groupID: UInt32
    public var home: String

    /// The account of that name; nil if there is none. Waits for the name service.
    ///
    /// - Throws: ``DatabaseFailure`` if it can't be asked.
    public init?(named name: String) throws(DatabaseFailure) {
        // C would take what is before a NUL for the name.
        guard !name.utf8.contains(0) else { return nil }
        guard let found = try unsafe Self.find({ unsafe getpwnam_r(name, $0, $1, $2, $3) }) else { return nil }
        self = found
    }

    /// The account of that number; nil if there is none. Waits for the name service.
    ///
    /// - Throws: ``DatabaseFailure`` if it can't be asked.
    public init?(userID: UInt32) throws(DatabaseFailure) {
        guard let found = try unsafe Self.find({ unsafe getpwuid_r(userID, $0, $1, $2, $3) }) else { return nil }
        self = found
    }

    private typealias Call = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int, UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> CInt

    private static func find(_ call: Call) throws(DatabaseFailure) -> SystemUser? {
        var size = 1024
        while true {
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            defer { unsafe buffer.deallocate() }
            var entry = unsafe passwd()
            var result: UnsafeMutablePointer<passwd>?
            // The entry's text lies in the buffer, which outlives its use here.
            let status = unsafe call(&entry, buffer, size, &result)
            switch status {
            case ERANGE where size < 1 << 20:
                size *= 4
            case 0 where unsafe result != nil, ENOENT where unsafe result != nil:
                return unsafe SystemUser(entry)
            // What name services say of a user whom they don't have, besides 0.
            case 0, ENOENT, ESRCH:
                return nil
            default:
                throw DatabaseFailure("getpwnam_r failed: \(unsafe String(cString: strerror(status)))")
            }
        }
    }

    private init(_ entry: passwd) {
        name = unsafe entry.pw_name.map { unsafe String(cString: $0) } ?? ""
        userID = unsafe entry.pw_uid
        groupID = unsafe entry.pw_gid
        home = unsafe entry.pw_dir.map { unsafe String(cString: $0) } ?? ""
    }

    /// Whom the name service lists. Waits for it; for one caller at a time, since getpwent(3) has one place for all.
    ///
    /// - Parameter admits: whether an account is wanted.
    static func list(where admits: (SystemUser) -> Bool) -> [String] {
        listing.withLock { _ in
            setpwent()
            defer { endpwent() }
            var names: [String] = []
            while let entry = unsafe getpwent() {
                let user = unsafe SystemUser(entry.pointee)
                if admits(user) { names.append(user.name) }
            }
            return names
        }
    }

    private static let listing = Mutex(())
}

extension AccountNumbers {
    /// Asks the system; waits for it.
    public init(_ reference: AccountReference) {
        switch reference {
        case .user(let name):
            do throws(DatabaseFailure) {
                self = try SystemUser(named: name).map { .number($0.userID) } ?? .unknown("Invalid UID value '\(name)'")
            } catch {
                self = .unknown(error.description)
            }
        case .group(let name):
            self = Self.group(name)
        case .owner(let file):
            var status = stat()
            guard unsafe stat(file, &status) == 0 else {
                self = .unknown("stat(\(file)) failed: \(unsafe String(cString: strerror(errno)))")
                return
            }
            self = .owner(user: status.st_uid, group: status.st_gid)
        }
    }

    private static func group(_ name: String) -> AccountNumbers {
        guard !name.utf8.contains(0) else { return .unknown("Invalid GID value") }
        var size = 1024
        while true {
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            defer { unsafe buffer.deallocate() }
            var entry = unsafe Glibc.group()
            var result: UnsafeMutablePointer<Glibc.group>?
            // Only the number is taken from the entry.
            let status = unsafe getgrnam_r(name, &entry, buffer, size, &result)
            if status == ERANGE, size < 1 << 22 {
                size *= 4
            } else if status == 0, unsafe result != nil {
                return unsafe .number(entry.gr_gid)
            } else {
                return .unknown("Invalid GID value '\(name)'")
            }
        }
    }
}
