import DovecotAuthProtocol
import Testing

@Suite("The parameters of a request")
struct AuthenticationRequestTests {
    private static let plain = AuthenticationRequest(id: 1, mechanism: "PLAIN", service: "smtp")

    @Test("Each of the rare ones is kept beside the others, and a request without them is equal to one that never had any")
    func rareParameters() {
        var request = Self.plain
        request.realLocalAddress = "192.0.2.1"
        request.realRemoteAddress = "192.0.2.2"
        request.realLocalPort = 1
        request.realRemotePort = 2
        request.localName = "mail.test"
        request.clientID = "(\"name\" \"x\")"
        request.forwardFields = "a=b"
        request.certificateUsername = "alice"
        request.tlsFingerprints = [Parameter("ssl_ja3_hash", "00")]
        request.extraParameters = [Parameter("x")]
        var copy = request
        #expect(copy == request)
        #expect(copy.hashValue == request.hashValue)
        copy.localName = "other.test"
        #expect(request.localName == "mail.test")
        #expect(copy != request)
        #expect(request.realLocalAddress == "192.0.2.1")
        #expect(request.realRemoteAddress == "192.0.2.2")
        #expect(request.realLocalPort == 1)
        #expect(request.realRemotePort == 2)
        #expect(request.clientID == "(\"name\" \"x\")")
        #expect(request.forwardFields == "a=b")
        #expect(request.certificateUsername == "alice")
        #expect(request.tlsFingerprints == [Parameter("ssl_ja3_hash", "00")])
        #expect(request.extraParameters == [Parameter("x")])

        request.realLocalAddress = nil
        request.realRemoteAddress = nil
        request.realLocalPort = nil
        request.realRemotePort = nil
        request.localName = nil
        request.clientID = nil
        request.forwardFields = nil
        request.certificateUsername = nil
        request.tlsFingerprints = []
        request.extraParameters = []
        #expect(request == Self.plain)
        #expect(request.hashValue == Self.plain.hashValue)
    }
}
