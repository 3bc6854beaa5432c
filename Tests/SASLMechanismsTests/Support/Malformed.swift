import SASLMechanisms
import Testing

/// A message that must not get any further.
struct Malformed: Sendable, CustomTestStringConvertible {
    let what: String
    let message: [UInt8]
    let failure: MechanismFailure

    var testDescription: String { what }

    init(_ what: String, _ message: String, _ failure: MechanismFailure = .invalidInput) {
        self.init(what, bytes: Array(message.utf8), failure)
    }

    init(_ what: String, bytes message: [UInt8], _ failure: MechanismFailure = .invalidInput) {
        self.what = what
        self.message = message
        self.failure = failure
    }

    /// Names that no mechanism takes, each put where the message has one.
    ///
    /// RFC 3629 section 3 has the kinds of bad UTF-8.
    static func names(_ message: ([UInt8]) -> [UInt8]) -> [Malformed] {
        let names: [(String, [UInt8])] = [
            ("a NUL in the name", Array("al\0ice".utf8)),
            ("a stray continuation byte in the name", [0x61, 0x80]),
            ("a byte that UTF-8 never has in the name", [0x61, 0xff]),
            ("an overlong NUL in the name", [0x61, 0xc0, 0x80]),
            ("an overlong slash in the name", [0x61, 0xe0, 0x80, 0xaf]),
            ("a surrogate in the name", [0x61, 0xed, 0xa0, 0x80]),
            ("a scalar behind the last in the name", [0x61, 0xf4, 0x90, 0x80, 0x80]),
            ("a name cut off within a character", [0x61, 0xe2, 0x82]),
            ("a name of 1025 bytes", [UInt8](repeating: 0x61, count: 1025)),
            ("a name of 64 KiB", [UInt8](repeating: 0x61, count: 65_536)),
        ]
        return names.map { Malformed($0.0, bytes: message($0.1)) }
    }
}
