public import DovecotAuthProtocol

/// What a server said of itself in its greeting.
public struct ServerDescription: Hashable, Sendable {
    public var version: ProtocolVersion
    /// In the server's order.
    public var mechanisms: [ServerGreeting.Mechanism]
    /// SPID: the server's process.
    public var processID: UInt64?
    /// CUID: the connection's number at the server.
    public var connectionID: UInt64?
    /// COOKIE, in hex: names this connection on the server's master socket.
    public var cookie: String?

    /// Whether the mechanism is on offer, in any case.
    public func offers(_ name: String) -> Bool {
        mechanisms.contains { $0.name.lowercased() == name.lowercased() }
    }
}
