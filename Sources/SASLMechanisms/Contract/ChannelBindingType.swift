/// A way to name a TLS connection by bytes that both ends know (RFC 5056).
public enum ChannelBindingType: String, Hashable, Sendable, CaseIterable {
    /// The hash of the server's certificate (RFC 5929 section 4).
    case tlsServerEndPoint = "tls-server-end-point"
    /// Keying material exported from the TLS session (RFC 9266).
    case tlsExporter = "tls-exporter"
}
