import PasswordSchemes
import SASLMechanisms
import Secrets
import TestSupport

/// A server that breaks its mechanism's rules, whose last word the client must refuse.
struct HostileServer: Sendable {
    /// The last thing that it says.
    enum LastWord: Sendable {
        case challenge([UInt8])
        /// OK, with this in it.
        case success([UInt8]?)
    }

    let what: String
    /// Whether the client has sent its initial response, if it has one.
    var takesInitialResponse = true
    /// What the client answers before.
    var challenges: [[UInt8]] = []
    let lastWord: LastWord

    /// Messages for a client that expects no more, or another one.
    static let messages: [(what: String, bytes: [UInt8])] = [
        ("no bytes", []),
        ("a NUL", [0]),
        ("a blank", [0x20]),
        ("a line end", [0x0d, 0x0a]),
        ("a byte 1", [1]),
        ("an asterisk", Array("*".utf8)),
        ("a comma", Array(",".utf8)),
        ("a prompt", Array("Password:".utf8)),
        ("a prompt with a NUL", Array("Password\0".utf8)),
        ("a CRAM-MD5 challenge", Array("<1896.697170952@postoffice.reston.mci.net>".utf8)),
        ("a DIGEST-MD5 challenge", Array(#"realm="",nonce="x",qop="auth",algorithm=md5-sess"#.utf8)),
        ("a DIGEST-MD5 proof", Array("rspauth=ea40f60335c427b5527b84dbabcdfffd".utf8)),
        ("a SCRAM challenge", Array("r=xyz,s=QSXCR+Q6sek8bf92,i=4096".utf8)),
        ("a SCRAM signature", Array("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=".utf8)),
        ("a SCRAM error", Array("e=other-error".utf8)),
        ("an error report", Array(#"{"status":"invalid_token"}"#.utf8)),
        ("a broken error report", Array(#"{"status":"#.utf8)),
        ("base64", Array("VXNlcm5hbWU6".utf8)),
        ("a stray continuation byte", [0x80]),
        ("a byte that UTF-8 never has", [0xff]),
        ("an overlong NUL", [0xc0, 0x80]),
        ("a surrogate", [0xed, 0xa0, 0x80]),
        ("a character cut off", [0xe2, 0x82]),
        ("64 KiB", [UInt8](repeating: 0x61, count: 65_536)),
        ("64 KiB of commas", [UInt8](repeating: 0x2c, count: 65_536)),
        ("1 MiB", [UInt8](repeating: 0x61, count: 1 << 20)),
    ]

    /// Every way to be hostile to this mechanism's client; none for a mechanism that this table doesn't know.
    static func ways(_ mechanism: String) -> [HostileServer] {
        switch mechanism {
        case "PLAIN", "EXTERNAL", "ANONYMOUS":
            more(after: []) + more(after: [""], takesInitialResponse: false) + proofs(after: [])
        case "LOGIN":
            more(after: ["Password:"]) + more(after: ["Username:", "Password:"], takesInitialResponse: false)
                + proofs(after: ["Password:"])
        case "CRAM-MD5":
            [HostileServer(what: "an empty challenge", lastWord: .challenge([]))]
                + more(after: ["<1@x>"]) + proofs(after: ["<1@x>"])
        case "OAUTHBEARER", "XOAUTH2":
            more(after: [#"{"status":"invalid_token"}"#]) + proofs(after: []) + [
                HostileServer(
                    what: "an error report of more than 64 KiB",
                    lastWord: .challenge([UInt8](repeating: 0x20, count: 65_537))),
                HostileServer(
                    what: "success behind an error report", challenges: [Array("{}".utf8)], lastWord: .success(nil)),
            ]
        case "DIGEST-MD5":
            ClientMalformedTests.digestChallenges.map { challenge in
                HostileServer(what: "the challenge \(challenge.prefix(80))", lastWord: .challenge(Array(challenge.utf8)))
            } + unproven(after: #"realm="x",nonce="x",qop="auth",algorithm=md5-sess"#)
        case let name where name.hasPrefix("SCRAM-"):
            ClientMalformedTests.scramFirst.map { challenge in
                HostileServer(what: "the challenge \(challenge.prefix(80))", lastWord: .challenge(Array(challenge.utf8)))
            } + unproven(after: "r=abcdef,s=QSXCR+Q6sek8bf92,i=4096")
        default: []
        }
    }

    /// A further challenge.
    private static func more(after challenges: [String], takesInitialResponse: Bool = true) -> [HostileServer] {
        messages.map { message in
            HostileServer(
                what: "\(message.what) as one more challenge", takesInitialResponse: takesInitialResponse,
                challenges: challenges.map { Array($0.utf8) }, lastWord: .challenge(message.bytes))
        }
    }

    /// A last message where the mechanism has none.
    private static func proofs(after challenges: [String]) -> [HostileServer] {
        messages.filter { !$0.bytes.isEmpty }.map { message in
            HostileServer(
                what: "\(message.what) in OK", challenges: challenges.map { Array($0.utf8) },
                lastWord: .success(message.bytes))
        }
    }

    /// No proof, or anything else, where the server has to prove itself.
    private static func unproven(after challenge: String) -> [HostileServer] {
        let challenges = [Array(challenge.utf8)]
        return messages.flatMap { message in
            [
                HostileServer(
                    what: "\(message.what) for a proof", challenges: challenges, lastWord: .challenge(message.bytes)),
                HostileServer(
                    what: "\(message.what) for a proof in OK", challenges: challenges, lastWord: .success(message.bytes)),
            ]
        } + [
            HostileServer(what: "success without a proof", challenges: challenges, lastWord: .success(nil)),
            HostileServer(what: "success at once", lastWord: .success(nil)),
        ]
    }

    /// A client with a known nonce, so that a challenge can be right but for what is wrong.
    static func client(_ mechanism: String, initialResponse: Bool) throws -> ClientUnderTest {
        guard mechanism.hasPrefix("SCRAM-") else {
            return try RoundTripTests.client(mechanism, RoundTripTests.accounts[0], initialResponse: initialResponse)
        }
        let hash: SCRAMHash =
            mechanism.hasPrefix("SCRAM-SHA-1") ? .sha1 : mechanism.hasPrefix("SCRAM-SHA-256") ? .sha256 : .sha512
        return ClientUnderTest(
            SCRAMClientMechanism(
                hash, preparedUser: "user", password: Secret("pencil"), nonce: Array("abc".utf8),
                channelBinding: mechanism.hasSuffix("-PLUS") ? .used(RoundTripTests.binding) : .impossible,
                initialResponse: initialResponse))
    }
}
