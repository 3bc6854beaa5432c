internal import AuthServer
internal import CPlatform
internal import Glibc

/// Gives up what the process does not need once its sockets are bound; before the first thread starts.
enum Privileges {
    /// Why privileges could not be given up; the process must not go on then.
    struct Failure: Error, CustomStringConvertible {
        let description: String
        /// What is named and isn't there; nil for what the system refused.
        var missing: Missing?
    }

    /// An account or group that the process was to run as.
    enum Missing: Hashable {
        case user, primaryGroup
        case supplementaryGroup(String)
    }

    /// As whom to run.
    struct Identity: Hashable {
        var user: String
        /// Nil for the user's primary group.
        var group: String?
        /// Beside the primary group: `shadow` if shadow passwords are read.
        var supplementaryGroups: [String]
    }

    /// No core dump may hold a password, and no child may gain what this process gave up.
    static func forbidDumpsAndNewPrivileges() throws(Failure) {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        // The limits are read during the call.
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0 else {
            throw Failure("forbid core dumps")
        }
        guard gatepost_set_dumpable(0) == 0 else { throw Failure("forbid core dumps") }
        guard gatepost_no_new_privileges() == 0 else { throw Failure("set no_new_privs") }
    }

    /// Becomes `identity` for good, after `handOver` was told its ids while root can still give things away.
    static func drop(to identity: Identity, handOver: (uid_t, gid_t) -> Void) throws(Failure) {
        guard let user = SystemAccounts.userID(named: identity.user) else {
            throw Failure(
                description: "there is no user \"\(identity.user)\" to run as; create it "
                    + "(useradd --system --no-create-home \(identity.user)), or name another with "
                    + "service auth { user = … }", missing: .user)
        }
        let group: gid_t
        if let name = identity.group {
            guard let id = SystemAccounts.groupID(named: name) else {
                throw Failure(unknownGroup: name, .primaryGroup)
            }
            group = id
        } else if let id = SystemAccounts.primaryGroupID(ofUser: identity.user) {
            group = id
        } else {
            throw Failure(
                description: "user \"\(identity.user)\" has no entry in the password database, so its group is "
                    + "unknown; name it with service auth { group = … }", missing: .primaryGroup)
        }
        var supplementary: [gid_t] = []
        for name in identity.supplementaryGroups {
            guard let id = SystemAccounts.groupID(named: name) else {
                throw Failure(unknownGroup: name, .supplementaryGroup(name))
            }
            supplementary.append(id)
        }
        handOver(user, group)
        // Groups first: without root they can't be changed any more.
        // The array is read during the call.
        guard unsafe setgroups(supplementary.count, supplementary) == 0 else { throw Failure("set groups") }
        guard gatepost_setresgid(group) == 0 else { throw Failure("set the group") }
        guard gatepost_setresuid(user) == 0 else { throw Failure("set the user") }
        guard user == 0 || setuid(0) != 0 else {
            throw Failure(description: "root could be taken back after it was given up; refusing to go on")
        }
    }
}

extension Privileges.Failure {
    fileprivate init(_ step: String) {
        // strerror's text stays valid on this thread.
        self.init(description: "can't \(step): \(unsafe String(cString: strerror(errno)))")
    }

    fileprivate init(unknownGroup name: String, _ missing: Privileges.Missing) {
        self.init(
            description: "there is no group \"\(name)\" to run with; create it, or name another in service auth "
                + "(group, extra_groups)", missing: missing)
    }
}
