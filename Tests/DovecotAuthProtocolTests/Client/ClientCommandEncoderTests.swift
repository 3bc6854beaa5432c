import DovecotAuthProtocol
import Secrets
import Testing

@Suite("Writing a client's lines")
struct ClientCommandEncoderTests {
    private func encoded(_ body: (inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        body(&bytes)
        return String(wire: bytes)
    }

    @Test("VERSION and CPID come together")
    func handshake() {
        let lines = encoded {
            ClientCommandEncoder.handshake(ProtocolVersion(major: 1, minor: 2), processID: 77, into: &$0)
        }
        #expect(lines == "VERSION⇥1⇥2\nCPID⇥77\n")
    }

    @Test("resp= comes last, and only when there is an initial response")
    func initialResponse() {
        var request = AuthenticationRequest(id: 12, mechanism: "PLAIN", service: "smtp")
        request.flags = [.secured, .noLogin]
        request.remoteAddress = "192.0.2.1"
        request.extraParameters = [Parameter("x-flag"), Parameter("x-value", "a\tb")]
        let none = encoded { ClientCommandEncoder.authenticate(request, initialResponse: nil, into: &$0) }
        #expect(none == "AUTH⇥12⇥PLAIN⇥service=smtp⇥secured⇥nologin⇥rip=192.0.2.1⇥x-flag⇥x-value=a␁tb\n")
        let empty: Secret? = Secret(copying: [UInt8]().span)
        let withEmpty = encoded { ClientCommandEncoder.authenticate(request, initialResponse: empty, into: &$0) }
        #expect(withEmpty.hasSuffix("⇥x-value=a␁tb⇥resp=\n"))
        let foo: Secret? = Secret(copying: Array("foo".utf8).span)
        let withFoo = encoded { ClientCommandEncoder.authenticate(request, initialResponse: foo, into: &$0) }
        #expect(withFoo.hasSuffix("⇥resp=Zm9v\n"))
    }

    @Test("An empty service is still a service")
    func emptyService() {
        let request = AuthenticationRequest(id: 1, mechanism: "PLAIN", service: "")
        let line = encoded { ClientCommandEncoder.authenticate(request, initialResponse: nil, into: &$0) }
        #expect(line == "AUTH⇥1⇥PLAIN⇥service=\n")
    }

    @Test("CONT and CANCEL")
    func others() {
        let foo = Secret(copying: Array("foo".utf8).span)
        #expect(encoded { ClientCommandEncoder.proceed(3, response: foo, into: &$0) } == "CONT⇥3⇥Zm9v\n")
        let empty = Secret(copying: [UInt8]().span)
        #expect(encoded { ClientCommandEncoder.proceed(3, response: empty, into: &$0) } == "CONT⇥3⇥\n")
        let bound = encoded {
            ClientCommandEncoder.proceed(3, response: foo, channelBinding: Array("bar".utf8), into: &$0)
        }
        #expect(bound == "CONT⇥3⇥Zm9v⇥channel_binding=YmFy\n")
        #expect(encoded { ClientCommandEncoder.cancel(4_294_967_295, into: &$0) } == "CANCEL⇥4294967295\n")
    }

    @Test("A password in a line leaves no copy behind: room for it is made before it is written")
    func noReallocation() {
        let password: Secret? = Secret(copying: [UInt8](repeating: 0x41, count: 3000).span)
        var request = AuthenticationRequest(id: 1, mechanism: "PLAIN", service: "smtp")
        request.session = String(repeating: "s", count: 100)
        var bytes: [UInt8] = []
        ClientCommandEncoder.authenticate(request, initialResponse: password, into: &bytes)
        // 3000 bytes are 4000 digits; growing digit by digit would have doubled the room past 8000.
        #expect(bytes.capacity < 8000)
    }
}
