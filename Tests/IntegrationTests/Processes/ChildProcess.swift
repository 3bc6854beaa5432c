import Glibc

/// A program that a test has started.
struct ChildProcess: Sendable {
    /// How a program ended.
    enum Exit: Equatable, Sendable {
        case code(Int32)
        case signal(Int32)
    }

    /// What a program that ran to its end has left.
    struct Outcome: Sendable, CustomStringConvertible {
        let exit: Exit
        let output: String
        let errors: String

        var succeeded: Bool { exit == .code(0) }
        var description: String { "\(exit)\n\(output)\(errors)" }
    }

    let pid: pid_t

    /// Starts a program found in the usual places, in a process group of its own.
    ///
    /// It gets a small fixed environment, so that no test depends on the caller's.
    init(
        _ arguments: [String], environment: [String] = [], input: Int32, output: Int32, errors: Int32
    ) throws {
        let search = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        // env(1) looks the program up in the PATH it is given here, not in ours.
        let words = ["/usr/bin/env", "-i", search, "LANG=C.UTF-8", "HOME=/nonexistent"] + environment + arguments
        var started: pid_t = 0
        // spawn attributes, file actions and argv are C structures; all of them end before this scope does.
        let error = unsafe Self.withArguments(words) { argv in
            var actions = unsafe posix_spawn_file_actions_t()
            unsafe posix_spawn_file_actions_init(&actions)
            defer { unsafe posix_spawn_file_actions_destroy(&actions) }
            unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
            unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
            unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
            var attributes = posix_spawnattr_t()
            unsafe posix_spawnattr_init(&attributes)
            defer { unsafe posix_spawnattr_destroy(&attributes) }
            // The test runner ignores or blocks some signals, and children would inherit that.
            var none = sigset_t()
            unsafe sigemptyset(&none)
            var all = sigset_t()
            unsafe sigfillset(&all)
            unsafe posix_spawnattr_setsigmask(&attributes, &none)
            unsafe posix_spawnattr_setsigdefault(&attributes, &all)
            let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
            unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
            var environment: [UnsafeMutablePointer<CChar>?] = unsafe [nil]
            return unsafe posix_spawn(&started, words[0], &actions, &attributes, argv, &environment)
        }
        guard error == 0 else { throw Failure("can't start \(arguments): errno \(error)") }
        pid = started
    }

    /// Runs a program to its end; kills it, and throws, when that takes longer than the limit.
    static func run(
        _ arguments: [String], environment: [String] = [], input: String = "", within limit: Duration = .seconds(60)
    ) throws -> Outcome {
        // Files, not pipes: a full pipe would stop a program that nobody reads from yet.
        let input = try TextFile.unnamed(holding: input)
        let (output, errors) = (try TextFile.unnamed(), try TextFile.unnamed())
        defer {
            close(input)
            close(output)
            close(errors)
        }
        let child = try ChildProcess(arguments, environment: environment, input: input, output: output, errors: errors)
        let exit = child.waitForExit(within: limit)
        lseek(output, 0, SEEK_SET)
        lseek(errors, 0, SEEK_SET)
        let (said, complained) = (TextFile.contents(of: output), TextFile.contents(of: errors))
        guard let exit else {
            child.end()
            throw Failure("\(arguments) did not end within \(limit):\n\(said)\(complained)")
        }
        return Outcome(exit: exit, output: said, errors: complained)
    }

    /// Waits for the end; `nil` when it didn't come in time.
    func waitForExit(within limit: Duration) -> Exit? {
        var status: Int32 = 0
        var ended: pid_t = 0
        _ = Patience.wait(for: limit) {
            // The status is written during the call only.
            ended = unsafe waitpid(pid, &status, WNOHANG)
            return ended != 0
        }
        guard ended == pid else { return nil }
        let signal = status & 0x7f
        return signal == 0 ? .code((status >> 8) & 0xff) : .signal(signal)
    }

    /// Whether it has ended, without reaping it.
    var hasEnded: Bool {
        // waitid fills the structure, of which nothing is read but whether there was something to say.
        var information = unsafe siginfo_t()
        let answer = unsafe waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT)
        return unsafe answer != 0 || information.si_signo != 0
    }

    func send(_ signal: Int32) {
        kill(pid, signal)
    }

    /// Kills the program and everything it started in its process group.
    func end() {
        kill(-pid, SIGKILL)
        _ = waitForExit(within: .seconds(5))
    }

    /// Calls with the words as C's argv; the copies are freed afterwards.
    private static func withArguments<Result>(
        _ words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> Result
    ) rethrows -> Result {
        // Each copy is owned by this array and freed once, after the call.
        var copies = unsafe words.map { unsafe strdup($0) }
        unsafe copies.append(nil)
        defer { for unsafe copy in unsafe copies { unsafe free(copy) } }
        return try unsafe body(copies)
    }
}
