internal import Glibc
internal import Secrets

/// Reads a password from the terminal without showing it, or from standard input if that is no terminal.
struct PasswordPrompt {
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// Longer ones would not fit into a request.
    private static let longest = 4096

    // Written before the handlers are installed and only read by them: all that a signal handler may touch.
    private nonisolated(unsafe) static var wakeUp: CInt = -1

    /// Asks with `prompt` on the terminal, or reads a line of standard input.
    static func read(_ prompt: String) throws(Unreadable) -> Secret {
        isatty(STDIN_FILENO) == 1 ? try ask(prompt) : try readLine { _ in true }
    }

    /// Asks for a new password twice, or reads a line of standard input; three times if the two differ, as doveadm does.
    static func readNew() throws(Unreadable) -> Secret {
        guard isatty(STDIN_FILENO) == 1 else { return try read("") }
        for _ in 0..<3 {
            let password = try ask("Enter new password: ")
            let again = try ask("Retype new password: ")
            let isSame = password.withBytes { left in again.withBytes { equalInConstantTime(left, $0) } }
            if isSame { return password }
            complain("Error: Passwords don't match!")
        }
        throw Unreadable(description: "the two passwords differed three times")
    }

    private static func ask(_ prompt: String) throws(Unreadable) -> Secret {
        var shown = termios()
        // A plain C structure of this frame.
        guard unsafe tcgetattr(STDIN_FILENO, &shown) == 0 else {
            throw Unreadable(description: "can't silence the terminal")
        }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        var ends: [CInt] = [-1, -1]
        // Two descriptors are written into two elements.
        guard unsafe pipe(&ends) == 0 else { throw Unreadable(description: "can't make a pipe") }
        unsafe wakeUp = ends[1]
        let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]
        func catchAll() {
            for number in signals {
                _ = signal(number) { number in
                    var byte = UInt8(truncatingIfNeeded: number)
                    // write(2) may be called in a handler; one byte of this frame.
                    _ = unsafe Glibc.write(PasswordPrompt.wakeUp, &byte, 1)
                }
            }
        }
        func show() {
            unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            for number in signals { _ = signal(number, SIG_DFL) }
        }
        func hide() {
            catchAll()
            unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
            write(prompt)
        }
        hide()
        defer {
            show()
            write("\n")
            close(ends[0])
            close(ends[1])
        }
        return try readLine { _ in
            // False: a signal came, and the process lives on after it.
            var waiting = [
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
                pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0),
            ]
            while true {
                // As many structures as are counted.
                guard unsafe poll(&waiting, 2, -1) >= 0 || errno == EINTR else { return true }
                guard waiting[1].revents != 0 else {
                    if waiting[0].revents != 0 { return true }
                    continue
                }
                var byte: UInt8 = 0
                _ = unsafe Glibc.read(ends[0], &byte, 1)
                // The terminal is put right before the signal does what it would have done; Ctrl-Z comes back here.
                show()
                deliver(CInt(byte))
                hide()
            }
        }
    }

    /// Raises a signal here and now: Swift's worker threads block them all, so it would wait for ever otherwise.
    private static func deliver(_ number: CInt) {
        // Plain C structures of this frame.
        var one = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&one)
        unsafe sigaddset(&one, number)
        unsafe pthread_sigmask(SIG_UNBLOCK, &one, &before)
        raise(number)
        unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    }

    /// Reads up to a line end or the end of the input, byte by byte: nothing else may keep a copy of it.
    private static func readLine(_ wait: (Int) -> Bool) throws(Unreadable) -> Secret {
        var isTooLong = false
        var hasEnded = false
        let secret = Secret(capacity: longest) { output in
            var byte: UInt8 = 0
            while wait(output.count) {
                // One byte of this frame.
                guard unsafe Glibc.read(STDIN_FILENO, &byte, 1) == 1 else {
                    hasEnded = true
                    break
                }
                if byte == UInt8(ascii: "\n") { break }
                if output.freeCapacity == 0 {
                    isTooLong = true
                    break
                }
                output.append(byte)
            }
            byte = 0
        }
        if isTooLong { throw Unreadable(description: "the password is longer than \(longest) bytes") }
        // An empty line is an empty password, but no line at all is a mistake of whoever should have written it.
        if hasEnded, secret.isEmpty { throw Unreadable(description: "no password: standard input ended without one") }
        return secret
    }

    /// Writes a line to standard error.
    static func complain(_ line: String) { write(line + "\n") }

    private static func write(_ text: String) {
        // Standard output may be a file, and the question is not for it.
        for byte in text.utf8 {
            var byte = byte
            _ = unsafe Glibc.write(STDERR_FILENO, &byte, 1)
        }
    }
}
