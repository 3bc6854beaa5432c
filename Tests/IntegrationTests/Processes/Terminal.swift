import Glibc

/// A terminal that a program can be started at, and what it shows.
final class Terminal {
    /// For the program.
    let device: Int32
    private let keyboard: Int32
    private(set) var shown = ""
    private var unread = ""

    init() throws {
        keyboard = TextFile.open("/dev/ptmx", O_RDWR | O_NOCTTY)
        // posix_openpt and its like are hidden from Swift; these are Linux's TIOCSPTLCK and TIOCGPTN, each with an int.
        var isLocked: Int32 = 0
        var number: Int32 = 0
        guard keyboard >= 0, unsafe ioctl(keyboard, 0x4004_5431, &isLocked) == 0,
            unsafe ioctl(keyboard, 0x8004_5430, &number) == 0
        else { throw Failure("no pseudo-terminal: errno \(errno)") }
        device = TextFile.open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        guard device >= 0 else { throw Failure("can't open the pseudo-terminal: errno \(errno)") }
    }

    func type(_ text: String) throws {
        try TextFile.write(Array(text.utf8), to: keyboard)
    }

    /// Waits until the text is shown, behind what was expected before.
    func expect(_ text: String) throws {
        while true {
            if let found = unread.firstRange(of: text) {
                unread = String(unread[found.upperBound...])
                return
            }
            var waiting = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
            // One structure, of this frame.
            guard unsafe poll(&waiting, 1, 30_000) == 1 else { throw Failure("\"\(text)\" is not shown, but:\n\(shown)") }
            var bytes = [UInt8](repeating: 0, count: 4096)
            // No more than the array has is written into it.
            let count = unsafe read(keyboard, &bytes, bytes.count)
            guard count > 0 else { throw Failure("the terminal is closed; it showed:\n\(shown)") }
            let more = String(decoding: bytes[..<count], as: UTF8.self)
            shown += more
            unread += more
        }
    }

    deinit {
        close(keyboard)
        close(device)
    }
}
