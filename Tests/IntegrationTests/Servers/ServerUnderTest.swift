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
        var users = Places.demoUsers
        /// Zero, so that refusals do not make the tests slow; the tests about the delay set it.
        var failureDelay = "0"
        /// The account to run as from the start; `nil` is the tests' own.
        var account: String?
    }

    let socket: String
    let directory: TemporaryDirectory
    private let process: ChildProcess

    var log: String { TextFile.read("\(directory.path)/server.log") ?? "" }
    private var complaints: String { TextFile.read("\(directory.path)/output") ?? "" }

    /// Starts the server and waits until it greets.
    init(_ settings: Settings) throws {
        socket = settings.socket
        directory = try TemporaryDirectory()
        // The string is converted to C's form for the time of the call.
        unsafe mkdir("\(directory.path)/run", 0o755)
        try directory.write(Self.configuration(settings, in: directory.path), to: "dovecot.conf")
        try directory.write("", to: "server.log", mode: 0o666)
        let words: [String]
        switch ServerKind.current {
        case .gatepost: words = [Places.gatepost, "serve", "-c", "\(directory.path)/dovecot.conf"]
        case .dovecot: words = ["/usr/sbin/dovecot", "-F", "-c", "\(directory.path)/dovecot.conf"]
        }
        let null = TextFile.open("/dev/null", O_RDONLY)
        let output = TextFile.open("\(directory.path)/output", O_WRONLY | O_CREAT | O_APPEND)
        defer {
            close(null)
            close(output)
        }
        let account = settings.account.map {
            ["setpriv", "--reuid", $0, "--regid", $0, "--clear-groups", "--"]
        }
        process = try ChildProcess((account ?? []) + words, input: null, output: output, errors: output)
        Leftovers.shared.remember(directory.path, command: "kill -TERM -- -\(process.pid); rm -rf \(directory.path)")
        var problem = "it made no socket"
        let ready = Patience.wait(for: .seconds(15)) {
            do {
                try greets()
                return true
            } catch {
                problem = "\(error)"
                return false
            }
        }
        guard ready else {
            let (log, complaints) = (log, complaints)
            stop()
            throw Failure("\(words[0]) does not greet on \(socket): \(problem)\n\(complaints)\(log)")
        }
    }

    deinit {
        stop()
    }

    /// SIGTERM, and what comes of it within the time; killed otherwise.
    @discardableResult
    func stop() -> ChildProcess.Exit? {
        guard Places.exists(directory.path) else { return nil }
        process.send(SIGTERM)
        let exit = process.waitForExit(within: .seconds(15))
        process.end()
        directory.remove()
        Leftovers.shared.forget(directory.path)
        return exit
    }

    func send(_ signal: Int32) {
        process.send(signal)
    }

    private func greets() throws {
        let stream = try LineStream.unix(socket)
        while try stream.readLine(within: .seconds(5)) != "DONE" {}
    }

    private static func configuration(_ settings: Settings, in directory: String) -> String {
        let owner = [("user", settings.access.user), ("group", settings.access.group)]
            .filter { !$0.1.isEmpty }.map { "    \($0.0) = \($0.1)\n" }.joined()
        let common = """
            base_dir = \(directory)/run
            log_path = \(directory)/server.log
            auth_mechanisms = plain login
            auth_verbose = yes
            auth_debug = yes
            auth_failure_delay = \(settings.failureDelay)
            passdb {
              driver = passwd-file
              args = scheme=CRYPT username_format=%u \(settings.users)
            }
            service auth {
              unix_listener \(settings.socket) {
                mode = \(settings.access.mode)
            \(owner)  }
            }

            """
        // Dovecot is more than its auth service, and slows a guessing host down more with every wrong password: here
        // all of them come from the one loopback address.
        let reference = """
            protocols =
            ssl = no
            service anvil {
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }

            """
        return ServerKind.current == .dovecot ? common + reference : common
    }
}
