/// Which auth server the suites run against.
enum ServerKind: String, Sendable {
    case gatepost
    /// Debian's Dovecot, for `GATEPOST_REFERENCE=dovecot`: what the suites expect must be true of it, too.
    case dovecot

    static let current: ServerKind = Places.environment("GATEPOST_REFERENCE").flatMap(ServerKind.init) ?? .gatepost
}
