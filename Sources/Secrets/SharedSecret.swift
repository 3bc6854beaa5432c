/// A secret with several owners, for the places that a noncopyable value can't go: escaping closures, pool jobs.
///
/// It is wiped when the last owner lets go.
public final class SharedSecret: Sendable, CustomStringConvertible {
    private let secret: Secret

    public init(_ secret: consuming Secret) {
        self.secret = secret
    }

    /// Lends the secret for the length of `body`.
    public func withSecret<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Secret) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(secret)
    }

    /// Never the bytes.
    public var description: String { "<secret>" }
}
