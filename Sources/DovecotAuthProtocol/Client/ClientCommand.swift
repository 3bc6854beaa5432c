public import Secrets

/// One line of a client, parsed.
public enum ClientCommand: ~Copyable, Sendable {
    /// `VERSION⇥1⇥2`
    case version(ProtocolVersion)
    /// `CPID⇥123`: any positive number; clients send object ids as well as process ids.
    case processID(UInt64)
    /// `AUTH⇥1⇥PLAIN⇥service=smtp⇥…⇥resp=…`
    case authenticate(AuthenticationRequest, InitialResponse)
    /// `CONT⇥1⇥base64`; nil if that is not base64.
    ///
    /// From protocol 1.3 on `channel_binding=base64` may follow, what names the mail server's TLS connection: nil if it
    /// doesn't, of no bytes if it is not base64. A lone `#` for the data, which answers a challenge outside of SASL, is
    /// not base64: this server sends no such challenge.
    case proceed(RequestID, Secret?, channelBinding: [UInt8]? = nil)
    /// `CANCEL⇥1`
    case cancel(RequestID)

    /// The line's first word, for the log.
    public var word: String {
        switch self {
        case .version: "VERSION"
        case .processID: "CPID"
        case .authenticate: "AUTH"
        case .proceed: "CONT"
        case .cancel: "CANCEL"
        }
    }
}

/// Why a line of a client is no command.
public enum ClientCommandFault: Error, Hashable, Sendable {
    /// The line as a whole can't be understood, so neither can what follows: the connection must end.
    case unreadable(Reason)
    /// The request's id can be read: it alone fails, its neighbours live on.
    case refused(RequestID, Reason)

    /// Worded as Dovecot logs it, without anything that the client sent in `resp=`.
    public enum Reason: Hashable, Sendable {
        case unknownCommand(String)
        case brokenVersion
        case brokenProcessID
        case brokenAuth
        case brokenContinuation
        case brokenCancel
        case missingMechanism
        case missingService
        case parametersAfterResponse
        case missingContinuationData
    }
}
