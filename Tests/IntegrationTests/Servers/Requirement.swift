import Glibc

/// What a suite needs of the machine. A suite that misses something is skipped, and says what it missed.
enum Requirement {
    /// Postfix's master must be root, whatever the auth server is.
    static var isRoot: Bool { geteuid() == 0 }
    static var hasPostfix: Bool { Places.exists("/usr/sbin/postfix") }
    static var hasServer: Bool {
        switch ServerKind.current {
        case .gatepost: Places.exists(Places.gatepost)
        case .dovecot: Places.exists("/usr/sbin/dovecot")
        }
    }
    static var hasExim: Bool {
        // The account is compiled into Debian's Exim, which refuses to start without it.
        let accounts = TextFile.read("/etc/passwd") ?? ""
        return Places.exists(Places.exim) && accounts.contains("\nDebian-exim:")
    }
    static var canRunProsody: Bool {
        isRoot && hasServer && Places.exists("/usr/bin/prosody") && Places.exists(ProsodyInstance.modules)
    }
    static var hasDoveadm: Bool { Places.exists("/usr/bin/doveadm") }
    static var canRunWholeDovecot: Bool {
        isRoot && hasServer && hasDoveadm && Places.exists("/usr/sbin/dovecot")
            && Places.exists("\(Places.dovecotPrograms)/imap-login")
    }
    static var canRunServer: Bool { hasServer && (isRoot || ServerKind.current == .gatepost) }
    static var canRunPostfix: Bool { isRoot && hasPostfix && hasServer }
    static var canRunExim: Bool { isRoot && hasExim && hasServer }
    static var canRunChasquid: Bool { Places.exists(Places.chasquid) && hasServer }
    static var canCompare: Bool {
        isRoot && ServerKind.current == .gatepost && hasServer && Places.exists("/usr/sbin/dovecot")
            && Places.exists("/usr/bin/python3")
    }
    static var canDumpServer: Bool {
        isRoot && hasServer && Places.exists("/usr/bin/gcore") && Places.exists("/usr/bin/doveadm")
    }
}
