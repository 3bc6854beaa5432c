import PasswordSchemes
import SASLMechanisms
import Secrets
import TestSupport
import Testing

/// What the RFCs' clients send, byte for byte.
@Suite("The RFCs' examples, client side")
struct ClientExampleTests {
    @Test("CRAM-MD5 answers as in RFC 2195 section 2")
    func cramMD5() throws {
        var client = ClientUnderTest(CramMD5ClientMechanism(user: "tim", password: Secret("tanstaaftanstaaf")))
        let first = client.initialResponse()
        #expect(first == nil)
        let answer = try client.respond(to: "<1896.697170952@postoffice.reston.mci.net>")
        #expect(answer == "tim b913a602c7eda7a495b4e6e7334d3890")
        try client.finish()
    }

    // The challenge of RFC 2831 section 4, without the line breaks.
    @Test(
        "DIGEST-MD5 answers as in RFC 2831 section 4, and believes only the server's proof",
        arguments: [
            ("OA6MG9tEQGm2hh", "OA6MHXh6VqTrRk", "imap", DigestMD5ServerMechanismTests.examples[0]),
            ("OA9BSXrbuRhWay", "OA9BSuZWMSpW8m", "acap", DigestMD5ServerMechanismTests.examples[1]),
        ])
    func digestMD5(
        nonce: String, clientNonce: String, service: String, example: DigestMD5ServerMechanismTests.Example
    ) throws {
        func answered() throws -> ClientUnderTest {
            var client = ClientUnderTest(
                DigestMD5ClientMechanism(
                    user: "chris", password: Secret("secret"), authorizationID: nil, realm: nil,
                    digestURI: "\(service)/elwood.innosoft.com", nonce: Array(clientNonce.utf8)))
            let first = client.initialResponse()
            #expect(first == nil)
            let answer = try client.respond(
                to: #"realm="elwood.innosoft.com",nonce="\#(nonce)",qop="auth",algorithm=md5-sess,charset=utf-8"#)
            #expect(answer == example.response)
            return client
        }
        var inOK = try answered()
        try inOK.finish(example.finalMessage)
        var asChallenge = try answered()
        let last = try asChallenge.respond(to: example.finalMessage)
        #expect(last == "")
        try asChallenge.finish()
        var fraud = try answered()
        #expect(throws: ClientMechanismFailure.self) {
            try fraud.finish("rspauth=00000000000000000000000000000000")
        }
        var silent = try answered()
        #expect(throws: ClientMechanismFailure.self) { try silent.finish() }
    }

    @Test(
        "SCRAM answers as in RFC 5802 section 5, RFC 7677 section 3 and Python, and believes only a signature",
        arguments: SCRAMServerMechanismTests.examples)
    func scram(example: SCRAMServerMechanismTests.Example) throws {
        func answered() throws -> ClientUnderTest {
            let nonce = example.clientFirst.split(separator: "=").last ?? ""
            var client = ClientUnderTest(
                SCRAMClientMechanism(
                    example.hash, preparedUser: "user", password: Secret("pencil"), nonce: Array(nonce.utf8)))
            let first = client.initialResponse()
            #expect(first == example.clientFirst)
            let answer = try client.respond(to: example.serverFirst)
            #expect(answer == example.clientFinal)
            return client
        }
        var inOK = try answered()
        try inOK.finish(example.serverFinal)
        var asChallenge = try answered()
        let last = try asChallenge.respond(to: example.serverFinal)
        #expect(last == "")
        try asChallenge.finish()
        for message in [nil, "", "v=", "v=AAAA", "e=invalid-proof", "m=x,\(example.serverFinal)"] {
            var fraud = try answered()
            #expect(throws: ClientMechanismFailure.self) { try fraud.finish(message) }
        }
    }

    @Test("OAUTHBEARER sends what RFC 7628 section 4 shows", arguments: TokenMechanismTests.rfcMessages)
    func oauthBearer(message: (base64: String, port: UInt16)) throws {
        var client = ClientUnderTest(
            OAuthBearerClientMechanism(
                user: "user@example.com", token: Secret("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="),
                host: "server.example.com", port: message.port))
        let first = client.initialResponse()
        #expect(first.map { Array($0.utf8) } == decoded(message.base64))
        // RFC 7628 section 4.3.
        let acknowledgement = try client.respond(
            to: #"{"status":"invalid_token","scope":"example_scope","#
                + #""openid-configuration":"https://example.com/.well-known/openid-configuration"}"#)
        #expect(Array(acknowledgement.utf8) == decoded("AQ=="))
        #expect(throws: ClientMechanismFailure.self) { try client.finish() }
    }

    @Test("XOAUTH2 sends what Google's documentation of the protocol shows, and nothing to its error report")
    func xoauth2() throws {
        var client = XOAuth2ClientMechanism(
            user: "someuser@example.com", token: Secret("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"))
        let first = client.initialResponse()?.testText
        let base64 = "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhk"
            + "SFJoZG1semRHRXVZMjl0Q2cBAQ=="
        #expect(first.map { Array($0.utf8) } == decoded(base64))
        let report = decoded(
            "eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIG1hYyIsInNjb3BlIjoiaHR0cHM6Ly9tYWlsLmdvb2dsZS5jb20vIn0K")
        let acknowledgement = try client.respond(to: report.span).testText
        #expect(acknowledgement == "")
        #expect(
            client.refusal == #"{"status":"401","schemes":"bearer mac","scope":"https://mail.google.com/"}"# + "\n")
    }

    // RFC 4505 section 4: c2lyaGM= is "sirhc".
    @Test("ANONYMOUS sends the trace of RFC 4505 section 4", arguments: [true, false])
    func anonymous(initialResponse: Bool) throws {
        var client = ClientUnderTest(AnonymousClientMechanism(trace: "sirhc", initialResponse: initialResponse))
        let first = client.initialResponse()
        #expect(first == (initialResponse ? "sirhc" : nil))
        if !initialResponse {
            let answer = try client.respond(to: "")
            #expect(answer == "sirhc")
        }
        #expect(throws: ClientMechanismFailure.self) { _ = try client.respond(to: "") }
    }

    // RFC 4422 appendix A.2: no bytes, or fred@example.com as whom to act.
    @Test("EXTERNAL sends what RFC 4422 appendix A shows", arguments: [nil, "fred@example.com"])
    func external(authorizationID: String?) throws {
        var client = ClientUnderTest(ExternalClientMechanism(authorizationID: authorizationID))
        let first = client.initialResponse()
        #expect(first == authorizationID ?? "")
        #expect(throws: ClientMechanismFailure.self) { _ = try client.respond(to: "") }
        var later = ClientUnderTest(ExternalClientMechanism(authorizationID: authorizationID, initialResponse: false))
        let none = later.initialResponse()
        #expect(none == nil)
        let answer = try later.respond(to: "")
        #expect(answer == authorizationID ?? "")
    }

    // RFC 4616 section 4.
    @Test(
        "PLAIN sends what RFC 4616 shows",
        arguments: [(nil, "tim", "tanstaaftanstaaf"), ("Ursel", "Kurt", "xipj3plmq")])
    func plain(authorizationID: String?, user: String, password: String) throws {
        var client = ClientUnderTest(
            PlainClientMechanism(user: user, password: Secret(password), authorizationID: authorizationID))
        let first = client.initialResponse()
        #expect(first == "\(authorizationID ?? "")\0\(user)\0\(password)")
        try client.finish()
        #expect(throws: ClientMechanismFailure.self) { _ = try client.respond(to: "") }
    }
}
