/// The version of the protocol that one side speaks.
///
/// Sides with the same major number understand each other; the client's minor number decides what an empty `resp=`
/// means and which replies it can read.
public struct ProtocolVersion: Hashable, Sendable, CustomStringConvertible {
    public var major: UInt32
    public var minor: UInt32

    public init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }

    /// What Dovecot 2.3 speaks, and this server to clients that hear its greeting before they say anything: old ones
    /// take no other.
    public static let current = ProtocolVersion(major: 1, minor: 2)

    /// What Dovecot 2.4.4 speaks: channel binding from minor version 3 on, `CANCELLED` from 4 on.
    public static let dovecot24 = ProtocolVersion(major: 1, minor: 4)

    /// From which minor version on channel binding is spoken.
    public static let channelBindingMinor: UInt32 = 3
    /// From which minor version on CANCEL is answered.
    public static let cancelledMinor: UInt32 = 4

    public var description: String { "\(major).\(minor)" }
}
