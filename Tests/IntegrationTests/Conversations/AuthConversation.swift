/// A client of an auth socket, word by word.
final class AuthConversation {
    private let stream: LineStream
    /// The names behind MECH, in the server's order.
    let mechanisms: [String]

    /// Connects, says VERSION and CPID, and reads the greeting.
    init(_ path: String, minorVersion: Int = 2) throws {
        stream = try LineStream.unix(path)
        try stream.write("VERSION\t1\t\(minorVersion)\nCPID\t4711\n")
        var mechanisms: [String] = []
        while let line = try stream.readLine() {
            let fields = line.split(separator: "\t")
            if fields.first == "MECH", fields.count > 1 { mechanisms.append(String(fields[1])) }
            if line == "DONE" {
                self.mechanisms = mechanisms
                return
            }
        }
        throw Failure("\(path) was closed before DONE")
    }

    func send(_ line: String) throws {
        try stream.write(line + "\n")
    }

    /// The next line; `nil` when the server hangs up.
    func receive() throws -> String? {
        try stream.readLine()
    }

    /// Sends a line and reads the next one; `nil` when the server hangs up.
    func say(_ line: String) throws -> String? {
        try send(line)
        return try receive()
    }

    /// One whole PLAIN request.
    func logIn(_ id: Int, _ who: Credentials) throws -> String? {
        try say("AUTH\t\(id)\tPLAIN\tservice=smtp\tresp=\(who.plain)")
    }
}
