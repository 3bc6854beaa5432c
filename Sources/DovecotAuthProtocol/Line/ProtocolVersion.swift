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

    /// What Dovecot 2.3 speaks, and this server.
    public static let current = ProtocolVersion(major: 1, minor: 2)

    public var description: String { "\(major).\(minor)" }
}
