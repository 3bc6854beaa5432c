/// The parameters of an AUTH line that few clients send.
struct FurtherParameters: Hashable, Sendable {
    var realLocalAddress: String?
    var realRemoteAddress: String?
    var realLocalPort: UInt16?
    var realRemotePort: UInt16?
    var localName: String?
    var clientID: String?
    var forwardFields: String?
    var certificateUsername: String?
    var tlsFingerprints: [Parameter] = []
    var extraParameters: [Parameter] = []

    /// Them by reference: a request is handed on and on, and one that has none of them is to be a small one.
    indirect enum Kept: Hashable, Sendable {
        case parameters(FurtherParameters)

        var parameters: FurtherParameters {
            switch self {
            case .parameters(let parameters): parameters
            }
        }
    }
}
