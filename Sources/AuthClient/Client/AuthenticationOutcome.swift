public import DovecotAuthProtocol

/// What a server decided about a login.
public enum AuthenticationOutcome: Hashable, Sendable {
    /// The login succeeded; `user` is the name to use from now on, which need not be the one that was typed.
    ///
    /// The fields are those of the OK in their order, without `user=`. Some of them are orders to the client, such as
    /// `nologin`: the server doesn't enforce them.
    case success(user: String, fields: [Parameter])
    /// The login failed; without a code it was the name or the password.
    case failure(ServerReply.Failure)
}
