/// How much of a reply a client can read.
public struct ReplyLimits: Sendable, Hashable {
    /// How many parameters may stand behind the id.
    public var parameters: Int

    /// How long the line may be, in bytes, its LF included.
    public var bytes: Int

    public init(parameters: Int, bytes: Int) {
        self.parameters = parameters
        self.bytes = bytes
    }

    /// What every known mail server can read.
    public static let mailServers = ReplyLimits(
        parameters: ProtocolLimits.mostReplyParameters, bytes: ProtocolLimits.longestReply)

    /// What Dovecot's login processes can read, whose users may have any number of fields for a proxy.
    public static let loginProcesses = ReplyLimits(parameters: .max, bytes: ProtocolLimits.longestLine)
}
