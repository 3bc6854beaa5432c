import PasswordSchemes
import SASLMechanisms
import Testing

extension DigestMD5ServerMechanismTests {
    /// The response of RFC 2831 section 4, with directives changed, left out (nil) or added in front.
    static func response(_ changes: [String: String?] = [:], adding: String = "") -> String {
        let directives = [
            ("charset", "utf-8"), ("username", #""chris""#), ("realm", #""elwood.innosoft.com""#),
            ("nonce", #""OA6MG9tEQGm2hh""#), ("nc", "00000001"), ("cnonce", #""OA6MHXh6VqTrRk""#),
            ("digest-uri", #""imap/elwood.innosoft.com""#), ("response", "d388dad90d4bbd760a152321f2143af7"),
            ("qop", "auth"),
        ]
        let kept = directives.compactMap { name, value -> String? in
            guard let change = changes[name] else { return "\(name)=\(value)" }
            return change.map { "\(name)=\($0)" }
        }
        return adding + kept.joined(separator: ",")
    }

    static let malformed: [Malformed] =
        Malformed.names { Array(#"nonce="OA6MG9tEQGm2hh",cnonce=x,response=\#(digest),username=""#.utf8) + $0 + [0x22] }
        + [
            Malformed("no bytes", ""),
            Malformed("commas alone", ",,,"),
            Malformed("a word without a value", "username"),
            Malformed("no name in front of the equals sign", response(adding: "=x,")),
            Malformed("a quote that doesn't end", response(["qop": "\"auth"])),
            Malformed("a backslash at the end", response(["qop": "\"auth\\"])),
            Malformed("text behind a quoted value", response(["qop": "\"auth\"x"])),
            Malformed("two words for a value", response(["qop": "auth auth"])),
            Malformed("a NUL in a value", response(["qop": "\"au\0th\""])),
            Malformed("no username", response(["username": nil])),
            Malformed("an empty username", response(["username": #""""#]), .emptyUsername),
            Malformed("two usernames", response(adding: "username=bob,")),
            Malformed("no nonce", response(["nonce": nil])),
            Malformed("another nonce", response(["nonce": "\"OA9BSXrbuRhWay\""]), .wrongNonce),
            Malformed("two nonces", response(adding: #"nonce="OA6MG9tEQGm2hh","#)),
            Malformed("no cnonce", response(["cnonce": nil])),
            Malformed("an empty cnonce", response(["cnonce": #""""#])),
            Malformed("two cnonces", response(adding: "cnonce=x,")),
            Malformed("a cnonce of 64 KiB", response(["cnonce": String(repeating: "x", count: 65_000)])),
            Malformed("a second use of the nonce", response(["nc": "00000002"])),
            Malformed("a count with a sign", response(["nc": "+1"])),
            Malformed("a count that is no number", response(["nc": "one"])),
            Malformed("two counts", response(adding: "nc=00000001,")),
            Malformed("a security layer", response(["qop": "auth-int"]), .unsupportedExtension),
            Malformed("another security layer", response(["qop": "auth-conf"]), .unsupportedExtension),
            Malformed("an unknown protection", response(["qop": "none"])),
            Malformed("another charset", response(["charset": "iso-8859-1"])),
            Malformed("a digest-uri without a host", response(["digest-uri": "\"imap\""])),
            Malformed("no response", response(["response": nil])),
            Malformed("a short response", response(["response": "d388"])),
            Malformed("two responses", response(adding: "response=d388dad90d4bbd760a152321f2143af7,")),
            Malformed("a buffer of no bytes", response(adding: "maxbuf=0,")),
            Malformed("a buffer that is no number", response(adding: "maxbuf=x,")),
            Malformed("two buffers", response(adding: "maxbuf=1,maxbuf=1,")),
            Malformed("two realms", response(adding: "realm=x,")),
            Malformed("an empty authzid", response(adding: #"authzid="","#)),
            Malformed("two authzids", response(adding: "authzid=x,authzid=y,")),
            Malformed("65 directives", response(adding: String(repeating: "x=y,", count: 60))),
            Malformed("more than 64 KiB", response(adding: "x=" + String(repeating: "y", count: 65_536) + ",")),
        ]

    static let digest = "d388dad90d4bbd760a152321f2143af7"

    @Test("A response that breaks RFC 2831 fails before the databases are asked", arguments: malformed)
    func malformed(row: Malformed) {
        var exchange = ExchangeUnderTest(Self.mechanism())
        _ = exchange.step(.begin)
        let step = exchange.step(.response, bytes: row.message)
        #expect(step == .fail(row.failure))
    }

    @Test(
        "Blanks, empty elements, unknown directives and capitals are no fault",
        arguments: [
            response(adding: ",, \t,"), response(adding: "x=y,"), response(adding: #"stale="a\"b","#),
            response().replacing("username=", with: "USERNAME = "), response(["nc": nil]), response(["qop": nil]),
            response(["charset": nil]), response(["charset": "UTF-8"]), response(adding: "maxbuf=65536,"),
            response(["username": #""ch\ris""#]), response(["username": "chris"]),
        ])
    func tolerance(message: String) {
        var exchange = ExchangeUnderTest(Self.mechanism())
        _ = exchange.step(.begin)
        _ = exchange.step(.response, message)
        let end = exchange.fetched(Self.chris)
        #expect(end == .succeed(Self.examples[0].finalMessage))
    }

    @Test("Every other digest fails as a wrong password, whether the user exists or not", arguments: [
        response(["response": "e388dad90d4bbd760a152321f2143af7"]), response(["response": digest.uppercased()]),
        response(["cnonce": "x"]), response(["digest-uri": "\"smtp/x\""]), response(adding: "authzid=bob,"),
    ])
    func wrong(message: String) {
        for stored in [Self.chris, nil] {
            var exchange = ExchangeUnderTest(Self.mechanism())
            _ = exchange.step(.begin)
            _ = exchange.step(.response, message)
            let step = exchange.fetched(stored)
            #expect(step == .fail(.wrongPassword))
        }
    }

    @Test("The right digest of a user whom the databases don't know fails")
    func unknownUser() {
        var exchange = ExchangeUnderTest(Self.mechanism())
        _ = exchange.step(.begin)
        _ = exchange.step(.response, Self.examples[0].response)
        let step = exchange.fetched(nil)
        #expect(step == .fail(.wrongPassword))
    }

    @Test(
        "The realm is the domain of a name without one, as in Dovecot",
        arguments: [
            ("chris", "example.com", "chris@example.com"), ("chris@a.example", "example.com", "chris@a.example"),
            ("chris", "", "chris"),
        ])
    func loginName(user: String, realm: String, login: String) {
        var exchange = ExchangeUnderTest(Self.mechanism())
        _ = exchange.step(.begin)
        let message = Self.response(["username": "\"\(user)\"", "realm": "\"\(realm)\""], adding: "authzid=bob,")
        let step = exchange.step(.response, message)
        let identity = Identity(authenticationID: login, authorizationID: "bob")
        #expect(step == .fetch(identity, .digestMD5(user: Array(user.utf8), realm: Array(realm.utf8))))
    }

    // RFC 2831 section 2.1.1: the realm may be given more than once.
    @Test("All realms are offered, quoted, and one without a name if there are none")
    func realms() {
        var none = ExchangeUnderTest(
            DigestMD5ServerMechanism(nonce: Array("abc".utf8), realms: [], decoys: .forTests))
        let empty = none.step(.beginWith, "ignored")
        #expect(empty == .challenge(#"realm="",nonce="abc",qop="auth",charset="utf-8",algorithm="md5-sess""#))
        var two = ExchangeUnderTest(
            DigestMD5ServerMechanism(nonce: Array("abc".utf8), realms: ["a", #"b"\"#], decoys: .forTests))
        let quoted = two.step(.begin)
        #expect(
            quoted
                == .challenge(#"realm="a",realm="b\"\\",nonce="abc",qop="auth",charset="utf-8",algorithm="md5-sess""#))
    }
}
