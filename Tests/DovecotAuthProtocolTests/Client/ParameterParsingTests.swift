import DovecotAuthProtocol
import Testing

@Suite("Parameters of AUTH")
struct ParameterParsingTests {
    private func request(_ parameters: String) -> AuthenticationRequest? {
        ParsedCommand("AUTH⇥1⇥PLAIN⇥service=smtp⇥\(parameters)").request
    }

    private static let texts: [(String, @Sendable (AuthenticationRequest) -> String?)] = [
        ("session", { $0.session }), ("local_name", { $0.localName }), ("client_id", { $0.clientID }),
        ("forward_fields", { $0.forwardFields }), ("cert_username", { $0.certificateUsername }),
    ]

    @Test("A text is unescaped and may hold an equals sign", arguments: texts.indices)
    func text(_ index: Int) throws {
        let (name, value) = Self.texts[index]
        #expect(value(try #require(request("\(name)=plain"))) == "plain")
        #expect(value(try #require(request("\(name)=a=b"))) == "a=b")
        #expect(value(try #require(request("\(name)=a␁tb␁nc␁rd␁1e␁xf␁0"))) == "a\tb\nc\rd\u{1}exf\0")
        #expect(value(try #require(request("\(name)=first⇥\(name)=last"))) == "last")
        #expect(value(try #require(request("x\(name)=no"))) == nil)
    }

    private static let addresses: [(String, @Sendable (AuthenticationRequest) -> String?)] = [
        ("rip", { $0.remoteAddress }), ("lip", { $0.localAddress }), ("real_rip", { $0.realRemoteAddress }),
        ("real_lip", { $0.realLocalAddress }),
    ]

    @Test("An address is taken as it is; what can't be one is ignored", arguments: addresses.indices)
    func address(_ index: Int) throws {
        let (name, value) = Self.addresses[index]
        for address in ["192.0.2.1", "2001:db8::1", "::1", "::ffff:192.0.2.1", "fe80::1%eth0"] {
            #expect(value(try #require(request("\(name)=\(address)"))) == address)
        }
        // Postfix sends rip= for an address that it doesn't know.
        for nonsense in ["", "localhost", "1.2.3.4 auth: Error", "unknown", "1.2.3.4␁nx", "%eth0", "[::1]"] {
            #expect(value(try #require(request("\(name)=\(nonsense)"))) == nil, "\(nonsense)")
        }
    }

    private static let ports: [(String, @Sendable (AuthenticationRequest) -> UInt16?)] = [
        ("rport", { $0.remotePort }), ("lport", { $0.localPort }), ("real_rport", { $0.realRemotePort }),
        ("real_lport", { $0.realLocalPort }),
    ]

    @Test("A port is a 16-bit number; what isn't is ignored", arguments: ports.indices)
    func port(_ index: Int) throws {
        let (name, value) = Self.ports[index]
        #expect(value(try #require(request("\(name)=587"))) == 587)
        #expect(value(try #require(request("\(name)=65535"))) == 65535)
        for nonsense in ["", "65536", "-1", "smtp", "0x10"] {
            #expect(value(try #require(request("\(name)=\(nonsense)"))) == nil, "\(nonsense)")
        }
    }

    @Test("Flags count with any value or none", arguments: [
        ("secured", .secured), ("valid-client-cert", .validClientCertificate), ("no-penalty", .noPenalty),
        ("final-resp-ok", .finalResponseOK), ("nologin", .noLogin), ("debug", .debug),
    ] as [(String, AuthenticationRequest.Flags)])
    func flags(_ name: String, _ flag: AuthenticationRequest.Flags) {
        #expect(request(name)?.flags == flag)
        #expect(request("\(name)=")?.flags == flag)
        #expect(request("\(name)=no")?.flags == flag)
    }

    @Test("secured=tls says both that the transport is safe and why")
    func securedByTLS() {
        #expect(request("secured=tls")?.flags == [.secured, .tls])
        #expect(request("secured=TLS")?.flags == .secured)
    }

    @Test("Fingerprints of 2.4 are kept in their order")
    func fingerprints() {
        #expect(
            request("ssl_ja3_hash=a⇥ssl_client_cert_fp=b⇥ssl_client_cert_pubkey_fp=c")?.tlsFingerprints == [
                Parameter("ssl_ja3_hash", "a"), Parameter("ssl_client_cert_fp", "b"),
                Parameter("ssl_client_cert_pubkey_fp", "c"),
            ])
    }

    @Test("The lines of real clients", arguments: [
        // Postfix 3.x
        ("AUTH⇥1⇥PLAIN⇥service=smtp⇥nologin⇥lip=127.0.0.1⇥rip=192.0.2.7⇥secured⇥resp=AGEAYg==", 0 as UInt32),
        // Exim, without an initial response
        ("AUTH⇥1⇥LOGIN⇥service=smtp⇥secured⇥rip=192.0.2.7⇥lip=127.0.0.1⇥nologin⇥resp=", 0),
        // chasquid
        ("AUTH⇥1⇥PLAIN⇥service=smtp⇥secured⇥no-penalty⇥nologin⇥resp=YQBhAGI=", 1),
        // Dovecot 2.4
        ("AUTH⇥7⇥PLAIN⇥protocol=imap⇥final-resp-ok⇥secured=tls⇥session=x/y+z⇥lip=::1⇥rip=::1⇥lport=143⇥rport=1⇥resp=AGEAYg==", 4),
    ])
    func realClients(_ line: String, _ minor: UInt32) {
        let parsed = ParsedCommand(line, minor: minor)
        #expect(parsed.request?.service == (minor == 4 ? "imap" : "smtp"))
        #expect(parsed.response == (line.hasSuffix("resp=") ? .absent : .given(minor == 1 ? "a\0a\0b" : "\0a\0b")))
    }
}
