/// Why a connection came to its end.
enum ConnectionFault: Hashable, Sendable {
    case notAnAuthServer(firstWord: String)
    case incompatibleVersion(major: UInt32)
    case masterSocket
    case noMechanisms
    case brokenGreeting(word: String)
    case endedInHandshake(heardAnything: Bool)
    case handshakeTimedOut(heardAnything: Bool)
    case lineTooLong
    case brokenReply(word: String)
    case unexpectedLine(word: String)
    case lost(reason: String?)
    case closed

    /// The error for whoever waits on that connection.
    func error(at address: String) -> AuthClientError {
        switch self {
        case .notAnAuthServer(let word):
            AuthClientError(
                .handshakeFailed,
                "\(address) is not a Dovecot auth socket: it said \"\(word)\" where VERSION was expected")
        case .incompatibleVersion(let major):
            AuthClientError(
                .handshakeFailed, "the auth server at \(address) speaks protocol version \(major), this client version 1")
        case .masterSocket:
            AuthClientError(
                .handshakeFailed,
                """
                \(address) is a master or userdb socket (SPID came before any MECH): use the socket for clients, which \
                is called auth-client in Dovecot
                """)
        case .noMechanisms:
            AuthClientError(
                .handshakeFailed, "the auth server at \(address) offers no mechanism: check its auth_mechanisms")
        case .brokenGreeting(let word):
            AuthClientError(.handshakeFailed, "the auth server at \(address) sent a broken \(word) line in its greeting")
        case .endedInHandshake(let heardAnything):
            AuthClientError(
                .handshakeFailed,
                heardAnything
                    ? "the auth server at \(address) closed the connection within its greeting"
                    : """
                    the server at \(address) closed the connection without a word: the reason should be in its log
                    """)
        case .handshakeTimedOut(let heardAnything):
            AuthClientError(
                .handshakeFailed,
                heardAnything
                    ? "the auth server at \(address) did not finish its greeting in time"
                    : """
                    the server at \(address) accepted the connection but said nothing: it hangs, or it is not a \
                    Dovecot auth socket
                    """)
        case .lineTooLong:
            AuthClientError(
                .protocolViolation, "the server at \(address) sent a line of more than 16384 bytes")
        case .brokenReply(let word):
            AuthClientError(.protocolViolation, "the auth server at \(address) sent a broken \(word) line")
        case .unexpectedLine(let word):
            AuthClientError(
                .protocolViolation, "the auth server at \(address) sent \"\(word)\", which is no reply to a request")
        case .lost(let reason):
            AuthClientError(
                .connectionLost,
                "the auth server at \(address) closed the connection" + (reason.map { " (\($0))" } ?? ""))
        case .closed:
            AuthClientError(.closed, "the connection to \(address) was closed by this program")
        }
    }
}
