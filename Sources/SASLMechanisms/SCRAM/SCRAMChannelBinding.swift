/// What a SCRAM client says of its TLS connection (RFC 5802 section 6).
public enum SCRAMChannelBinding: Hashable, Sendable {
    /// It can't bind to it: there is no TLS, or its library doesn't tell.
    case impossible
    /// It could, but the server offers no `-PLUS` mechanism.
    ///
    /// A server that does knows then that somebody took it out of the list.
    case unadvertised
    /// It does; the mechanism is the `-PLUS` one.
    case used(ChannelBinding)
}
