import Glibc

/// Real Dovecot, as the judge of our hashes.
enum Doveadm {
    static let path = "/usr/bin/doveadm"

    static var isInstalled: Bool { unsafe access(path, X_OK) == 0 }

    /// Whether `doveadm pw -t` says that the password is the hashed one.
    static func accepts(_ hash: String, password: String, user: String) -> Bool {
        run(["doveadm", "pw", "-t", hash, "-p", password, "-u", user]) == 0
    }

    /// The exit status, or -1.
    private static func run(_ arguments: [String]) -> Int32 {
        // The copies live until the end; posix_spawn reads them before it returns.
        var argv = unsafe arguments.map { unsafe strdup($0) }
        unsafe argv.append(nil)
        defer { for unsafe argument in unsafe argv { unsafe free(argument) } }
        var actions = unsafe posix_spawn_file_actions_t()
        _ = unsafe posix_spawn_file_actions_init(&actions)
        defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
            _ = unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        var child: pid_t = 0
        var status: Int32 = -1
        guard unsafe posix_spawn(&child, path, &actions, nil, argv, environ) == 0,
            unsafe waitpid(child, &status, 0) == child
        else { return -1 }
        return status & 0x7f == 0 ? status >> 8 & 0xff : -1
    }
}
