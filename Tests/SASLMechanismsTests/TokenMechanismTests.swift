import SASLMechanisms
import Secrets
import Testing

@Suite("OAUTHBEARER and XOAUTH2, server side")
struct TokenMechanismTests {
    static let oauthBearer = BearerServerMechanism.offer(.oauthBearer)
    static let xoauth2 = BearerServerMechanism.offer(.xoauth2)

    /// RFC 7628 sections 4.1 and 4.2 differ in the port alone.
    static let rfcMessages: [(base64: String, port: UInt16)] = [
        (
            "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyI"
                + "HZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB", 143
        ),
        (
            "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9NTg3AWF1dGg9QmVhcmVyI"
                + "HZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB", 587
        ),
    ]

    @Test("The messages of RFC 7628 section 4 are understood", arguments: rfcMessages, [InputRecord.begin, .beginWith])
    func rfcExample(message: (base64: String, port: UInt16), begin: InputRecord) {
        var exchange = ExchangeUnderTest(Self.oauthBearer)
        if begin == .begin {
            let first = exchange.step(.begin)
            #expect(first == .challenge(""))
        }
        let step = exchange.step(begin == .begin ? .response : .beginWith, bytes: decoded(message.base64))
        #expect(
            step
                == .validate(
                    user: "user@example.com", token: "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==",
                    host: "server.example.com", port: message.port))
        let end = exchange.step(.validToken)
        #expect(end == .succeed(nil))
    }

    @Test("The failed exchange of RFC 7628 section 4.3, in which the client asks for the scope, runs byte for byte")
    func rfcFailure() {
        var context = ExchangeContext.forTests
        context.tokenHints = TokenHints(
            scope: "example_scope", openIDConfiguration: "https://example.com/.well-known/openid-configuration")
        var exchange = ExchangeUnderTest(Self.oauthBearer, context)
        let challenge = exchange.step(.beginWith, bytes: decoded(
            "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9AQE="))
        let report = decoded(
            "eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJleGFtcGxlX3Njb3BlIiwib3BlbmlkLWNvbmZpZ3VyYXRpb24iOiJodHRw"
                + "czovL2V4YW1wbGUuY29tLy53ZWxsLWtub3duL29wZW5pZC1jb25maWd1cmF0aW9uIn0=")
        #expect(challenge == .challenge(String(decoding: report, as: UTF8.self)))
        let end = exchange.step(.response, bytes: decoded("AQ=="))
        #expect(end == .fail(.invalidInput))
    }

    @Test("The message of Google's documentation is understood")
    func googleExample() {
        var exchange = ExchangeUnderTest(Self.xoauth2)
        let message = "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhk"
            + "SFJoZG1semRHRXVZMjl0Q2cBAQ=="
        let step = exchange.step(.beginWith, bytes: decoded(message))
        #expect(
            step
                == .validate(
                    user: "someuser@example.com", token: "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg", host: nil,
                    port: nil))
    }

    static let url = "https://id.example.com/.well-known/openid-configuration"

    // Members and order are those of Dovecot 2.4's sources; RFC 7628 section 4.3 has the first three.
    @Test(
        "A refused token is reported as Dovecot reports it, and fails after any response",
        arguments: [
            ("OAUTHBEARER", TokenRefusal(.invalidToken), #"{"status":"invalid_token","scope":"mail"}"#),
            ("OAUTHBEARER", TokenRefusal(.insufficientScope, scope: "imap"),
                #"{"status":"insufficient_scope","scope":"imap"}"#),
            ("OAUTHBEARER", TokenRefusal(.invalidToken, openIDConfiguration: url),
                #"{"status":"invalid_token","scope":"mail","openid-configuration":"\#(url)"}"#),
            ("OAUTHBEARER", TokenRefusal(.invalidToken, scope: "a\"b\\c\n\u{7f}ä"),
                #"{"status":"invalid_token","scope":"a\"b\\c\u000a\u007fä"}"#),
            ("XOAUTH2", TokenRefusal(.invalidToken), #"{"status":"401","schemes":"bearer","scope":"mail"}"#),
            ("XOAUTH2", TokenRefusal(.invalidRequest), #"{"status":"400","schemes":"bearer","scope":"mail"}"#),
            ("XOAUTH2", TokenRefusal(.insufficientScope, scope: "imap"),
                #"{"status":"403","schemes":"bearer","scope":"imap"}"#),
        ])
    func refusal(name: String, refusal: TokenRefusal, report: String) throws {
        for answer in ["", "\u{1}", "user=alice\u{1}auth=Bearer good\u{1}\u{1}"] {
            var exchange = ExchangeUnderTest(try #require(MechanismRegistry.known[name]))
            _ = exchange.step(.beginWith, Self.message(name))
            let challenge = exchange.validated(.invalid(refusal))
            #expect(challenge == .challenge(report))
            let end = exchange.step(.response, answer)
            #expect(end == .fail(.invalidToken))
        }
    }

    @Test("What the server is configured to say of tokens is said of malformed messages, too")
    func hints() {
        var context = ExchangeContext.forTests
        context.tokenHints = TokenHints(scope: "smtp", openIDConfiguration: Self.url)
        var exchange = ExchangeUnderTest(Self.oauthBearer, context)
        let challenge = exchange.step(.beginWith, "x")
        #expect(
            challenge
                == .challenge(#"{"status":"invalid_request","scope":"smtp","openid-configuration":"\#(Self.url)"}"#))
    }

    static func message(_ name: String) -> String {
        (name == "XOAUTH2" ? "user=alice\u{1}" : "n,a=alice,\u{1}") + "auth=Bearer abc\u{1}\u{1}"
    }

    private static let auth = "\u{1}auth=Bearer abc\u{1}\u{1}"

    static let malformedBearer: [(Malformed, Bool)] =
        Malformed.names { Array("n,a=".utf8) + $0 + Array(",\(auth)".utf8) }.map { ($0, false) } + [
            (Malformed("no bytes", ""), false),
            (Malformed("a byte 1 alone", "\u{1}"), false),
            (Malformed("no header", auth), false),
            (Malformed("an unknown flag", "x,a=alice,\(auth)"), false),
            (Malformed("a header of one comma", "n,\(auth)"), false),
            (Malformed("text behind the header", "n,a=alice,x\(auth)"), false),
            (Malformed("a binding", "p=tls-exporter,a=alice,\(auth)", .channelBindingUnsupported), false),
            (Malformed("no user", "n,,\(auth)", .emptyUsername), false),
            (Malformed("an empty user", "n,a=,\(auth)", .emptyUsername), false),
            (Malformed("a user with a bad escape", "n,a=al=ice,\(auth)"), false),
            (Malformed("a header alone", "n,a=alice,"), false),
            (Malformed("no fields", "n,a=alice,\u{1}"), false),
            (Malformed("no token", "n,a=alice,\u{1}\u{1}"), true),
            (Malformed("no token, but other fields", "n,a=alice,\u{1}host=x\u{1}\u{1}"), true),
            (Malformed("one byte 1 at the end", "n,a=alice,\u{1}auth=Bearer abc\u{1}"), false),
            (Malformed("no byte 1 at the end", "n,a=alice,\u{1}auth=Bearer abc"), false),
            (Malformed("text behind the end", "n,a=alice,\(auth)x"), false),
            (Malformed("another scheme", "n,a=alice,\u{1}auth=Basic abc\u{1}\u{1}"), true),
            (Malformed("no scheme", "n,a=alice,\u{1}auth=abc\u{1}\u{1}"), true),
            (Malformed("an empty token", "n,a=alice,\u{1}auth=Bearer \u{1}\u{1}"), true),
            (Malformed("padding alone", "n,a=alice,\u{1}auth=Bearer ==\u{1}\u{1}"), true),
            (Malformed("padding within", "n,a=alice,\u{1}auth=Bearer a=b\u{1}\u{1}"), true),
            (Malformed("a blank in the token", "n,a=alice,\u{1}auth=Bearer a b\u{1}\u{1}"), true),
            (Malformed("a NUL in the token", "n,a=alice,\u{1}auth=Bearer a\0b\u{1}\u{1}"), true),
            (Malformed("a letter beyond ASCII in the token", "n,a=alice,\u{1}auth=Bearer ä\u{1}\u{1}"), true),
            (Malformed("two tokens", "n,a=alice,\u{1}auth=Bearer abc\(auth)"), false),
            (Malformed("two hosts", "n,a=alice,\u{1}host=x\u{1}host=y\(auth)"), false),
            (Malformed("two ports", "n,a=alice,\u{1}port=1\u{1}port=1\(auth)"), false),
            (Malformed("a port that is no number", "n,a=alice,\u{1}port=x\(auth)"), false),
            (Malformed("a port with a sign", "n,a=alice,\u{1}port=+25\(auth)"), false),
            (Malformed("a port beyond the last", "n,a=alice,\u{1}port=65536\(auth)"), false),
            (Malformed("a field without a value", "n,a=alice,\u{1}host\(auth)"), false),
            (Malformed("a field without a name", "n,a=alice,\u{1}=x\(auth)"), false),
            (Malformed("a digit in a field's name", "n,a=alice,\u{1}k1=x\(auth)"), false),
            (Malformed("a host that isn't UTF-8",
                bytes: Array("n,a=alice,\u{1}host=".utf8) + [0xff] + Array(auth.utf8)), false),
            (Malformed("more than 64 KiB",
                "n,a=alice,\u{1}auth=Bearer " + String(repeating: "a", count: 65_536) + "\u{1}\u{1}"), false),
            (Malformed("64 KiB without a byte 1", String(repeating: "n", count: 65_536)), false),
        ]

    @Test("A malformed message of OAUTHBEARER is reported, never validated", arguments: malformedBearer)
    func refusesBearer(row: Malformed, isTokenBad: Bool) {
        var exchange = ExchangeUnderTest(Self.oauthBearer)
        let challenge = exchange.step(.beginWith, bytes: row.message)
        let status = isTokenBad ? "invalid_token" : "invalid_request"
        #expect(challenge == .challenge(#"{"status":"\#(status)","scope":"mail"}"#))
        let end = exchange.step(.response, "\u{1}")
        #expect(end == .fail(row.failure))
    }

    static let malformedXOAuth2: [(Malformed, Int)] =
        Malformed.names { Array("user=".utf8) + $0 + Array(auth.utf8) }.map { ($0, 400) } + [
            (Malformed("no bytes", "", .emptyUsername), 400),
            (Malformed("a byte 1 alone", "\u{1}", .emptyUsername), 400),
            (Malformed("no user", "auth=Bearer abc\u{1}\u{1}", .emptyUsername), 400),
            (Malformed("an empty user", "user=\(auth)", .emptyUsername), 400),
            (Malformed("two users", "user=alice\u{1}user=bob\(auth)"), 400),
            (Malformed("no token", "user=alice\u{1}\u{1}"), 400),
            (Malformed("a user without an equals sign", "user\u{1}alice\(auth)", .emptyUsername), 400),
            (Malformed("fields ended by a NUL", "user=alice\0auth=Bearer abc\0\0"), 400),
            (Malformed("fields ended by line ends", "user=alice\nauth=Bearer abc\n\n"), 400),
            (Malformed("padding alone", "user=alice\u{1}auth=Bearer =\u{1}\u{1}"), 401),
            (Malformed("a NUL in the token", "user=alice\u{1}auth=Bearer a\0b\u{1}\u{1}"), 401),
            (Malformed("another scheme", "user=alice\u{1}auth=Basic abc\u{1}\u{1}"), 401),
            (Malformed("no scheme", "user=alice\u{1}auth=abc\u{1}\u{1}"), 401),
            (Malformed("an empty token", "user=alice\u{1}auth=Bearer \u{1}\u{1}"), 401),
            (Malformed("a blank in the token", "user=alice\u{1}auth=Bearer a b\u{1}\u{1}"), 401),
            (Malformed("two tokens", "user=alice\u{1}auth=Bearer a\u{1}auth=Bearer b\u{1}\u{1}"), 400),
            (Malformed("OAUTHBEARER's message", "n,a=alice,\(auth)", .emptyUsername), 400),
            (Malformed("PLAIN's message", "\0alice\0secret", .emptyUsername), 400),
            (Malformed("64 KiB of empty fields", String(repeating: "\u{1}", count: 65_536), .emptyUsername), 400),
            (Malformed("64 KiB of short fields", String(repeating: "a\u{1}", count: 32_768), .emptyUsername), 400),
            (Malformed("more than 64 KiB",
                "user=alice\u{1}auth=Bearer " + String(repeating: "a", count: 65_536) + "\u{1}\u{1}"), 400),
        ]

    @Test("A malformed message of XOAUTH2 is reported, never validated", arguments: malformedXOAuth2)
    func refusesXOAuth2(row: Malformed, status: Int) {
        var exchange = ExchangeUnderTest(Self.xoauth2)
        let challenge = exchange.step(.beginWith, bytes: row.message)
        #expect(challenge == .challenge(#"{"status":"\#(status)","schemes":"bearer","scope":"mail"}"#))
        let end = exchange.step(.response)
        #expect(end == .fail(row.failure))
    }

    @Test(
        "Capitals, unknown fields and the other flag are no fault",
        arguments: [
            ("OAUTHBEARER", "y,a=alice,\(auth)"), ("OAUTHBEARER", "n,a=alice,\u{1}auth=bEARER abc\u{1}\u{1}"),
            ("OAUTHBEARER", "n,a=alice,\u{1}mthd=POST\u{1}path=/a=b\(auth)"),
            ("OAUTHBEARER", "n,a=alice,\u{1}auth=Bearer abc\u{1}qs=\u{1}\u{1}"),
            ("XOAUTH2", "user=alice\u{1}auth=Bearer abc"), ("XOAUTH2", "user=alice\u{1}auth=Bearer abc\u{1}"),
            ("XOAUTH2", "\u{1}junk\u{1}user=alice\u{1}port=x\(auth)junk"),
            ("XOAUTH2", "auth=bearer abc\u{1}user=alice\u{1}\u{1}"), ("XOAUTH2", "user=alice\u{1}x=y\(auth)"),
        ])
    func tolerance(name: String, message: String) throws {
        var exchange = ExchangeUnderTest(try #require(MechanismRegistry.known[name]))
        let step = exchange.step(.beginWith, message)
        #expect(step == .validate(user: "alice", token: "abc", host: nil, port: nil))
    }
}
