/// A message of the server that a client mechanism can't answer, or that shows the server to be a fraud.
public struct ClientMechanismFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the message, without any secret.
    public let description: String

    public init(_ description: String) { self.description = description }
}
