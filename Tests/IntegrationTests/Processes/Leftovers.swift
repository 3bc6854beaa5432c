import Glibc
import Synchronization

/// Ends what the tests have started even if the test process itself dies.
///
/// A shell waits at the other end of a pipe. It learns the commands that tidy up, forgets those that were carried out,
/// and runs the rest when the pipe closes, which the kernel does for us however we end.
final class Leftovers: Sendable {
    static let shared = Leftovers()

    private let pipe: Int32
    private let lock = Mutex(())

    private init() {
        var ends: [Int32] = [-1, -1]
        // socketpair fills the two elements of the array.
        unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
        pipe = ends[1]
        let script = """
            declare -A open
            while read -r sign key command; do
                if [ "$sign" = + ]; then open[$key]=$command; else unset "open[$key]"; fi
            done
            for command in "${open[@]}"; do eval "$command"; done
            """
        let null = TextFile.open("/dev/null", O_RDWR)
        _ = try? ChildProcess(["bash", "-c", script], input: ends[0], output: null, errors: null)
        close(ends[0])
        close(null)
    }

    /// Runs the shell command if the test process ends before `forget` is called with the same key.
    func remember(_ key: String, command: String) {
        say("+ \(key) \(command)\n")
    }

    func forget(_ key: String) {
        say("- \(key)\n")
    }

    private func say(_ line: String) {
        lock.withLock { _ in
            _ = try? TextFile.write(Array(line.utf8), to: pipe)
        }
    }
}
