/// What a server answers on a userdb or master socket.
public enum MasterReply: Hashable, Sendable {
    /// `USER⇥id⇥name⇥uid=…⇥gid=…⇥home=…`
    case user(id: UInt32, name: String, fields: [Parameter])
    /// `PASS⇥id⇥user=…`
    case password(id: UInt32, user: String, fields: [Parameter])
    /// `NOTFOUND⇥id`: there is no such user.
    case notFound(id: UInt32)
    /// `FAIL⇥id`: it could not be found out, or the peer may not know.
    case failure(id: UInt32, reason: String? = nil)
    /// `LIST⇥id⇥name`, a line each.
    case names(id: UInt32, [String])
    /// `DONE⇥id⇥`, the end of a LIST.
    case listEnd(id: UInt32, hasFailed: Bool)
    /// `OK⇥id⇥count`: so many remembered answers were forgotten.
    case flushed(id: String, count: Int)

    /// Appends the line or lines. No parameter is empty.
    public func encode(into bytes: inout [UInt8]) {
        switch self {
        case .user(let id, let name, let fields):
            Self.open("USER", id, &bytes)
            bytes.append(UInt8(ascii: "\t"))
            TabEscaping.escape(name, into: &bytes)
            Self.append(fields, to: &bytes)
        case .password(let id, let user, let fields):
            Self.open("PASS", id, &bytes)
            Self.append([Parameter("user", user)] + fields, to: &bytes)
        case .notFound(let id):
            Self.open("NOTFOUND", id, &bytes)
        case .failure(let id, let reason):
            Self.open("FAIL", id, &bytes)
            if let reason { Self.append([Parameter("reason", reason)], to: &bytes) }
        case .names(let id, let names):
            for name in names {
                Self.open("LIST", id, &bytes)
                bytes.append(UInt8(ascii: "\t"))
                TabEscaping.escape(name, into: &bytes)
                bytes.append(UInt8(ascii: "\n"))
            }
            return
        case .listEnd(let id, let hasFailed):
            Self.open("DONE", id, &bytes)
            // The TAB stays even before nothing: Dovecot's clients look at the second field.
            bytes.append(contentsOf: (hasFailed ? "\tfail" : "\t").utf8)
        case .flushed(let id, let count):
            bytes.append(contentsOf: "OK\t".utf8)
            TabEscaping.escape(id, into: &bytes)
            bytes.append(contentsOf: "\t\(count)".utf8)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func open(_ word: String, _ id: UInt32, _ bytes: inout [UInt8]) {
        bytes.append(contentsOf: "\(word)\t\(id)".utf8)
    }

    private static func append(_ fields: [Parameter], to bytes: inout [UInt8]) {
        for field in fields where !field.name.isEmpty {
            bytes.append(UInt8(ascii: "\t"))
            field.encode(into: &bytes, keepingEmptyValue: false)
        }
    }
}

/// All that a server says at connect on a userdb or master socket, before any input: chasquid reads it first.
public struct MasterGreeting: Hashable, Sendable {
    /// What Dovecot 2.3 and 2.4 speak on these sockets.
    public static let version = ProtocolVersion(major: 1, minor: 1)

    /// SPID: the server's process.
    public var serverProcessID: UInt32

    public init(serverProcessID: UInt32) {
        self.serverProcessID = serverProcessID
    }

    /// Appends the lines.
    public func encode(into bytes: inout [UInt8]) {
        let version = Self.version
        bytes.append(contentsOf: "VERSION\t\(version.major)\t\(version.minor)\nSPID\t\(serverProcessID)\n".utf8)
    }
}
