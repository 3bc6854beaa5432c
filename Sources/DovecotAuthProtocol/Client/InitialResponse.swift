public import Secrets

/// What came with an AUTH: absent and empty are two different things (RFC 4422 section 4.3.b).
public enum InitialResponse: ~Copyable, Sendable {
    /// None; the server speaks first, if only with an empty challenge.
    case absent
    /// The decoded bytes, possibly none.
    case given(Secret)
    /// Not base64.
    case malformed
}
