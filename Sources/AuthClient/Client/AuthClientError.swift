/// Why there is no verdict on a login.
///
/// Its description is a sentence for the administrator. It never holds a password or a response.
public struct AuthClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String, Hashable, Sendable {
            case cannotConnect, handshakeFailed, connectionLost, timedOut, protocolViolation, mechanismUnavailable
            case mechanismFailed, requestTooLong, closed
        }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// Nobody answers at the address.
        public static let cannotConnect = Code(.cannotConnect)
        /// Somebody answers, but not as an auth server for clients does.
        public static let handshakeFailed = Code(.handshakeFailed)
        /// The server went away; whether it decided on the requests in flight is not known.
        public static let connectionLost = Code(.connectionLost)
        /// No answer within the time allowed.
        public static let timedOut = Code(.timedOut)
        /// The server broke the protocol after the handshake.
        public static let protocolViolation = Code(.protocolViolation)
        /// The server doesn't offer the mechanism; asking for it would have made Dovecot close the connection.
        public static let mechanismUnavailable = Code(.mechanismUnavailable)
        /// The server's challenge makes no sense to the mechanism.
        public static let mechanismFailed = Code(.mechanismFailed)
        /// The line would be longer than servers read.
        public static let requestTooLong = Code(.requestTooLong)
        /// ``AuthClient/close()`` was called.
        public static let closed = Code(.closed)

        public var description: String { value.rawValue }
    }

    public let code: Code
    /// What happened, where, and what to do.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
