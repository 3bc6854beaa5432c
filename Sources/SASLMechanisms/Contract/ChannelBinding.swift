/// What names one TLS connection.
public struct ChannelBinding: Hashable, Sendable {
    public let type: ChannelBindingType
    /// The certificate's hash or the exported keying material; the same at both ends.
    public let data: [UInt8]

    public init(type: ChannelBindingType, data: [UInt8]) {
        self.type = type
        self.data = data
    }
}
