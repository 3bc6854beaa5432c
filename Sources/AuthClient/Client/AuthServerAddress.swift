/// Where an auth server listens.
public enum AuthServerAddress: Hashable, Sendable, CustomStringConvertible {
    /// A Unix socket, by its path; at most 103 bytes.
    case unix(String)
    /// A TCP port, by host name or address; the protocol has no encryption of its own.
    case tcp(host: String, port: Int)

    /// The path, or `host:port`.
    public var description: String {
        switch self {
        case .unix(let path): path
        case .tcp(let host, let port): host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}
