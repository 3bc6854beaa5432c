/// What a server says before the first request: at connect and before any input (Dovecot 2.3, the only order that
/// suits every client), or its VERSION at connect and the rest after the client's VERSION (Dovecot 2.4).
public struct ServerGreeting: Hashable, Sendable {
    /// A mechanism on offer.
    public struct Mechanism: Hashable, Sendable {
        public var name: String
        public var flags: MechanismFlags

        public init(name: String, flags: MechanismFlags) {
            self.name = name
            self.flags = flags
        }
    }

    public var version: ProtocolVersion
    /// In the order of the configuration.
    public var mechanisms: [Mechanism]
    /// SPID: the server's process.
    public var serverProcessID: UInt32
    /// CUID: counts the server's connections.
    public var connectionID: UInt32
    /// COOKIE: names this connection in a master's REQUEST.
    public var cookie: Cookie

    public init(
        version: ProtocolVersion = .current, mechanisms: [Mechanism], serverProcessID: UInt32, connectionID: UInt32,
        cookie: Cookie
    ) {
        self.version = version
        self.mechanisms = mechanisms
        self.serverProcessID = serverProcessID
        self.connectionID = connectionID
        self.cookie = cookie
    }

    /// Sixteen random bytes, written in hex.
    public struct Cookie: Hashable, Sendable {
        public var high: UInt64
        public var low: UInt64

        public init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }

        public init(using generator: inout some RandomNumberGenerator) {
            self.init(high: generator.next(), low: generator.next())
        }
    }

    /// Appends all lines.
    public func encode(into bytes: inout [UInt8]) {
        GreetingTemplate(version: version, mechanisms: mechanisms, serverProcessID: serverProcessID)
            .encode(connectionID: connectionID, cookie: cookie, into: &bytes)
    }
}
