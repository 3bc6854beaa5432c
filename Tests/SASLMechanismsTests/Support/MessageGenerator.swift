import TestSupport

extension SeededGenerator {
    /// A message that is rarely a good one: noise, or the mechanism's own grammar put together at random.
    mutating func message(for mechanism: String) -> [UInt8] {
        let noise: [[UInt8]] = [[0], [0x61], [0xc3], [0xa4], [0xff], [0x0a], [0x20], [0x2c], [0x3d], [1]]
        let words = noise + Self.words(mechanism).map { Array($0.utf8) }
        return (0..<Int.random(in: 0...8, using: &self)).flatMap { _ in words.randomElement(using: &self) ?? [] }
    }

    private static func words(_ mechanism: String) -> [String] {
        switch mechanism {
        case "PLAIN", "LOGIN": ["alice", "\0alice\0secret", "\0"]
        case "CRAM-MD5": ["alice ", "b913a602c7eda7a495b4e6e7334d3890"]
        case "DIGEST-MD5":
            ["username=\"alice\",", "nonce=\"x\",", "cnonce=y,", "nc=00000001,", "response=", "qop=auth", "\"", "\\"]
        case let name where name.hasPrefix("SCRAM"):
            ["n,,", "y,,", "p=tls-exporter,,", "n=alice,", "r=abc", "a=", "m=", ",", "c=biws,", "p=AAAA", "=2C"]
        case "OAUTHBEARER", "XOAUTH2":
            ["n,a=alice,\u{1}", "user=alice\u{1}", "auth=Bearer token\u{1}", "host=x\u{1}", "port=1\u{1}", "\u{1}"]
        default: ["alice"]
        }
    }
}
