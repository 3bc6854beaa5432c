import SASLMechanisms
import Secrets
import Testing

@Suite("SASLprep")
struct SASLprepTests {
    // RFC 4013 section 3.
    @Test(
        "The examples of RFC 4013 come out as it says",
        arguments: [
            ("I\u{ad}X", "IX"), ("user", "user"), ("USER", "USER"), ("\u{aa}", "a"), ("\u{2168}", "IX"),
        ])
    func examples(input: String, output: String) throws {
        #expect(try SASLprep.prepare(input, as: .stored) == output)
        #expect(try SASLprep.prepare(input, as: .query) == output)
    }

    @Test(
        "The examples that RFC 4013 forbids are refused",
        arguments: [
            ("\u{7}", StringPreparationError.prohibitedCharacter), ("\u{627}1", .mixedDirections),
        ])
    func forbidden(input: String, error: StringPreparationError) {
        #expect(throws: error) { try SASLprep.prepare(input, as: .query) }
    }

    @Test("Python's stringprep, on Unicode 3.2, says the same of 1500 random texts")
    func fixture() throws {
        let lines = fixtureLines("saslprep.txt")
        #expect(lines.count == 1_500)
        for line in lines {
            let fields = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            try #require(fields.count == 3)
            let input = bytes(hexadecimal: fields[0])
            #expect(Self.outcome(input, .stored) == fields[1], "stored \(fields[0])")
            #expect(Self.outcome(input, .query) == fields[2], "query \(fields[0])")
        }
    }

    @Test("A password is prepared like a name", arguments: ["pa\u{a0}ss", "\u{fb01}sch", "plain"])
    func password(text: String) throws {
        let prepared = try SASLprep.prepare(Secret(copying: Array(text.utf8).span), as: .stored)
        let name = try SASLprep.prepare(text, as: .stored)
        #expect(prepared.testText == name)
    }

    @Test("What isn't UTF-8 is refused", arguments: [[0xc0, 0x80], [0xed, 0xa0, 0x80], [0x61, 0xff]] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        #expect(throws: StringPreparationError.notUTF8) {
            _ = try SASLprep.prepare(Secret(copying: bytes.span), as: .query)
        }
    }

    @Test("A text of which nothing is left is refused, an empty one is not")
    func empty() throws {
        #expect(throws: StringPreparationError.empty) { try SASLprep.prepare("\u{ad}", as: .query) }
        #expect(try SASLprep.prepare("", as: .query) == "")
    }

    @Test("A text longer than 8 KiB is refused, and the worst one below it takes no time to speak of")
    func length() throws {
        #expect(throws: StringPreparationError.tooLong) {
            try SASLprep.prepare(String(repeating: "a", count: 8_193), as: .query)
        }
        let marks = "a" + String(repeating: "\u{301}\u{323}", count: 2_000)
        #expect(try SASLprep.prepare(marks, as: .query).unicodeScalars.first == "\u{1ea1}")
    }

    private static func outcome(_ input: [UInt8], _ purpose: SASLprep.Purpose) -> String {
        do throws(StringPreparationError) {
            let prepared = try SASLprep.prepare(String(decoding: input, as: UTF8.self), as: purpose)
            return "=" + prepared.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        } catch {
            switch error {
            case .prohibitedCharacter: return "prohibited"
            case .mixedDirections: return "directions"
            case .unassignedCharacter: return "unassigned"
            // Python has no error for this.
            case .empty: return "="
            case .notUTF8, .tooLong: return "unexpected"
            }
        }
    }
}
