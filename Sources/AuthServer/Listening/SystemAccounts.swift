package import Glibc

/// Ids of users and groups by name, before any thread exists.
package enum SystemAccounts {
    package static func userID(named name: String) -> uid_t? {
        if let number = uid_t(name) { return number }
        // The static buffer of getpwnam is read before anybody else can call it.
        return unsafe getpwnam(name)?.pointee.pw_uid
    }

    package static func groupID(named name: String) -> gid_t? {
        if let number = gid_t(name) { return number }
        // As above.
        return unsafe getgrnam(name)?.pointee.gr_gid
    }

    /// The primary group of a user.
    package static func primaryGroupID(ofUser name: String) -> gid_t? {
        // As above.
        unsafe getpwnam(name)?.pointee.pw_gid
    }
}
