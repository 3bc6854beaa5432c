import Glibc

/// A mail program's side of an SMTP session, word by word, for what swaks and curl hide.
final class SMTPConversation {
    private let stream: LineStream
    private let tls: ChildProcess?
    private(set) var transcript = ""

    /// Connects in clear text and reads the greeting.
    init(port: UInt16) throws {
        stream = try LineStream.tcp(port: port)
        tls = nil
        _ = try reply()
    }

    private init(stream: LineStream, tls: ChildProcess) {
        self.stream = stream
        self.tls = tls
    }

    deinit {
        tls?.end()
    }

    /// Connects and lets `openssl s_client` do EHLO and STARTTLS: what follows is inside TLS.
    static func startTLS(port: UInt16) throws -> SMTPConversation {
        try throughOpenSSL(port: port, options: ["-starttls", "smtp"])
    }

    /// Connects to a port that speaks TLS from the first byte, and reads the greeting.
    static func wrapped(port: UInt16) throws -> SMTPConversation {
        let conversation = try throughOpenSSL(port: port, options: [])
        _ = try conversation.reply()
        return conversation
    }

    private static func throughOpenSSL(port: UInt16, options: [String]) throws -> SMTPConversation {
        var ends: [Int32] = [-1, -1]
        // socketpair fills the two elements of the array.
        guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0
        else { throw Failure("socketpair: errno \(errno)") }
        let null = TextFile.open("/dev/null", O_WRONLY)
        defer {
            close(ends[1])
            close(null)
        }
        let stream = LineStream(owning: ends[0])
        // -quiet also switches off s_client's own commands, which are single letters at the start of a line.
        let words = ["openssl", "s_client", "-quiet", "-connect", "127.0.0.1:\(port)"] + options
        let child = try ChildProcess(words, input: ends[1], output: ends[1], errors: null)
        return SMTPConversation(stream: stream, tls: child)
    }

    /// Sends a line without waiting for the reply.
    func send(_ line: String) throws {
        transcript += "C: \(line)\n"
        try stream.write(line + "\r\n")
    }

    /// Sends a line and reads the reply.
    @discardableResult
    func say(_ line: String) throws -> SMTPReply {
        try send(line)
        return try reply()
    }

    /// Reads one reply, however many lines it has.
    func reply() throws -> SMTPReply {
        var lines: [String] = []
        while let line = try stream.readLine() {
            transcript += "S: \(line)\n"
            lines.append(line)
            if line.count < 4 || line.dropFirst(3).first == " " {
                guard let code = Int(line.prefix(3)) else { throw Failure("not an SMTP reply:\n\(transcript)") }
                return SMTPReply(code: code, lines: lines)
            }
        }
        throw Failure("the server has closed the connection:\n\(transcript)")
    }

    /// Whether the server hangs up instead of answering.
    func isClosed() throws -> Bool {
        try stream.readLine() == nil
    }
}
