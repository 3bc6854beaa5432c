import Glibc

/// An auth server with a configuration of its own: Gatepost, or Dovecot as the reference.
final class ServerUnderTest: Sendable {
    /// The listener's access rights, in Dovecot's words.
    struct Access: Sendable {
        var mode = "0666"
        var user = ""
        var group = ""

        /// What every guide gives Postfix.
        static let postfix = Access(mode: "0660", user: "postfix", group: "postfix")
    }

    struct Settings: Sendable {
        var socket: String
        var access = Access()
        /// The passwd-file; `nil` is a copy of the quickstart's, where every account can read it.
        var users: String?
        var mechanisms = "plain login"
        /// Zero, so that refusals do not make the tests slow; the tests about the delay set it.
        var failureDelay = "0"
        var usesPenalty = false
        /// Runs as root who may not read other people's files, so that an unreadable file is one.
        var isBoundByFileModes = false
        /// Runs as root who may not keep memory out of swap.
        var mayNotLockMemory = false
        /// All that root may do, in setpriv(1)'s words; nil for everything.
        var capabilities: [String]?
        /// The soft and the hard limit of open files, as prlimit(1) takes them; nil for those of the tests.
        var openFileLimits: String?
        /// More lines of configuration.
        var more = ""
    }

    let socket: String
    private let daemon: Daemon

    var processID: pid_t { daemon.processID }
    var log: String { TextFile.read("\(daemon.directory.path)/server.log") ?? "" }

    /// Starts the server and waits until it greets.
    init(_ settings: Settings) throws {
        socket = settings.socket
        let directory = try TemporaryDirectory()
        // The string is converted to C's form for the time of the call.
        unsafe mkdir("\(directory.path)/run", 0o755)
        let configuration = "\(directory.path)/dovecot.conf"
        try TextFile.write(Self.configuration(settings, in: directory.path), to: configuration)
        try TextFile.write("", to: "\(directory.path)/server.log", mode: 0o666)
        try directory.write(TextFile.read(Places.demoUsers) ?? "", to: "users")
        var prefix = settings.isBoundByFileModes ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : []
        if settings.mayNotLockMemory { prefix += ["prlimit", "--memlock=0", "setpriv", "--bounding-set=-ipc_lock"] }
        if let names = settings.capabilities {
            prefix += ["setpriv", "--no-new-privs", "--bounding-set=-all" + names.map { ",+\($0)" }.joined()]
        }
        if let limits = settings.openFileLimits { prefix += ["prlimit", "--nofile=\(limits)"] }
        let program =
            switch ServerKind.current {
            case .gatepost: [Places.gatepost, "serve", "-c", configuration]
            case .dovecot: ["/usr/sbin/dovecot", "-F", "-c", configuration]
            }
        daemon = try Daemon(prefix + program, in: directory) { [socket, settings] in
            // Another server may be listening there already; ours says so once it does.
            if ServerKind.current == .gatepost {
                let log = TextFile.read("\(directory.path)/server.log") ?? ""
                guard log.contains("Listening on \(socket)") else { throw Failure("it does not listen yet\n\(log)") }
            }
            let stream = try LineStream.unix(socket)
            // Such a listener waits for it.
            if settings.more.contains("gatepost_greeting") { try stream.write("VERSION\t1\t2\n") }
            while let line = try stream.readLine(within: .seconds(5)) {
                if line == "DONE" { return }
            }
            throw Failure("it closes \(socket) without DONE\n\(TextFile.read("\(directory.path)/server.log") ?? "")")
        }
    }

    /// Writes the configuration anew and has the server read it again.
    func reload(_ settings: Settings, appending text: String = "") throws {
        let configuration = Self.configuration(settings, in: daemon.directory.path) + text
        try TextFile.write(configuration, to: "\(daemon.directory.path)/dovecot.conf")
        daemon.send(SIGHUP)
    }

    /// SIGTERM, and what comes of it within the time; killed otherwise.
    @discardableResult
    func stop() -> ChildProcess.Exit? {
        daemon.stop()
    }

    private static func configuration(_ settings: Settings, in directory: String) -> String {
        let owner = [("user", settings.access.user), ("group", settings.access.group)]
            .filter { !$0.1.isEmpty }.map { "    \($0.0) = \($0.1)\n" }.joined()
        let common = """
            base_dir = \(directory)/run
            log_path = \(directory)/server.log
            auth_mechanisms = \(settings.mechanisms)
            auth_verbose = yes
            auth_debug = yes
            auth_failure_delay = \(settings.failureDelay)
            passdb {
              driver = passwd-file
              args = scheme=CRYPT username_format=%u \(settings.users ?? "\(directory)/users")
            }
            service auth {
              unix_listener \(settings.socket) {
                mode = \(settings.access.mode)
            \(owner)  }
            }

            """
        // A guessing host is slowed down more with every wrong password: here all come from the one loopback address.
        let penalty = """
            service anvil {
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }

            """
        // Dovecot is more than its auth service.
        let reference = """
            protocols =
            ssl = no

            """
        return common + (settings.usesPenalty ? "" : penalty) + settings.more + (ServerKind.current == .dovecot ? reference : "")
    }
}
