internal import DovecotAuthProtocol

/// Why a connection has to end, worded as Dovecot logs it; never anything that stood in `resp=`.
enum ConnectionFault: Hashable, Sendable {
    case invalidVersionLine(String)
    case incompatibleVersion
    case invalidProcessID
    case processIDInUse(UInt64)
    case unknownHandshakeCommand(String)
    case unknownCommand(String)
    case brokenCommand(String)
    case handshakeTimeout(Duration)
    case lineTooLong

    var logLine: LogLine {
        switch self {
        case .invalidVersionLine(let word):
            LogLine(.error, "Authentication client sent invalid VERSION line: \(LogText.safe(word))")
        case .incompatibleVersion:
            LogLine(
                .error, "Authentication client not compatible with this server (mixed old and new binaries?)")
        case .invalidProcessID:
            LogLine(.error, "BUG: Authentication client said it's PID 0")
        case .processIDInUse(let number):
            LogLine(.error, "BUG: Authentication client gave a PID \(number) of existing connection")
        case .unknownHandshakeCommand(let word):
            LogLine(.error, "BUG: Authentication client sent unknown handshake command: \(LogText.safe(word))")
        case .unknownCommand(let word):
            LogLine(.error, "BUG: Authentication client sent unknown command: \(LogText.safe(word))")
        case .brokenCommand(let word):
            LogLine(.error, "BUG: Authentication client 0 sent broken \(word) request")
        case .handshakeTimeout(let limit):
            LogLine(.warning, "Authentication client said no VERSION and CPID within \(limit), disconnecting")
        case .lineTooLong:
            LogLine(
                .error, "BUG: Auth client 0 sent us more than \(ProtocolLimits.longestLine) bytes")
        }
    }
}
