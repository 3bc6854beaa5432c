/// A `unix_listener` section while its settings come in.
struct ListenerDraft: Sendable {
    let name: String
    let location: SourceLocation
    var mode: UInt32?
    /// Empty for no owner, `nil` if the file does not say.
    var user: String?
    var group: String?
    var kind: UnixListener.Kind?
    var temporaryFailure: UnixListener.TemporaryFailure = .automatic

    var greeting: UnixListener.Greeting = .connect
    /// `nil` if the section's name is the path.
    var path: String?

    init(name: String, location: SourceLocation) {
        self.name = name
        self.location = location
    }

    /// What to say to somebody who did not mean the protocol that the name brings along.
    func surprise(_ listener: UnixListener, _ configuration: AuthConfiguration) -> String? {
        guard configuration.dialect == .dovecot23, kind == nil, listener.kind != .client,
            WellKnownListener.named(listener.path, baseDirectory: configuration.baseDirectory) == nil
        else { return nil }
        let ending = listener.path.split(separator: "/").last?.split(separator: "-").last ?? ""
        return "\(location): unix_listener \((path ?? name).shortened) speaks the \(listener.kind) protocol because its name ends in "
            + "\(ending), as in Dovecot 2.3; for a mail server's logins add type = auth, or give it another name"
    }

    /// The finished listener; what the file does not say is as in Dovecot's own sockets of that name.
    func listener(_ dialect: ConfigurationDialect, configuration: AuthConfiguration) -> UnixListener {
        let path = ConfigurationPath.socket(path ?? name, baseDirectory: configuration.baseDirectory)
        let known = WellKnownListener.named(path, baseDirectory: configuration.baseDirectory)
        var listener = UnixListener(
            path: path, kind: kind ?? WellKnownListener.kind(of: path, dialect: dialect, known: known),
            location: location)
        listener.mode = mode ?? known?.mode ?? 0o600
        let owner = user ?? (known?.belongsToInternalUser == true ? configuration.defaultInternalUser : "")
        listener.user = owner.isEmpty ? nil : owner
        listener.group = group.flatMap { $0.isEmpty ? nil : $0 }
        listener.temporaryFailure = temporaryFailure
        listener.greeting = greeting
        return listener
    }
}
