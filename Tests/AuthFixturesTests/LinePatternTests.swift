import AuthFixtures
import Testing

@Suite("Lines of transcripts")
struct LinePatternTests {
    private func line(_ text: String) throws -> LinePattern {
        let transcript = try Transcript(parsing: "S: \(text)", name: "test")
        guard case .serverLine(let pattern)? = transcript.steps.first?.event else {
            throw TranscriptError(file: "test", line: 1, reason: "no line of the server")
        }
        return pattern
    }

    @Test("Escapes", arguments: [
        ("a⇥b", "a\tb"), (#"a\tb"#, "a\tb"), (#"\r\n\0\\\{"#, "\r\n\0\\{"), (#"\x01t"#, "\u{1}t"), ("ä", "ä"), ("}", "}"),
    ])
    func escapes(_ text: String, _ plain: String) throws {
        #expect(try line(text).example == Array(plain.utf8))
        #expect(try line(text).matches(Array(plain.utf8)))
    }

    @Test("Base64 is written as what it stands for", arguments: [
        ("resp={base64:foobar}", "resp=Zm9vYmFy"), (#"{base64:\0alice\0wonderland}"#, "AGFsaWNlAHdvbmRlcmxhbmQ="),
        ("{base64:}", ""), ("{base64:Username:}", "VXNlcm5hbWU6"),
    ])
    func base64(_ text: String, _ encoded: String) throws {
        #expect(try line(text).example == Array(encoded.utf8))
    }

    @Test("Gaps", arguments: [
        ("SPID⇥{number}", "SPID⇥1", true), ("SPID⇥{number}", "SPID⇥", false), ("SPID⇥{number}", "SPID⇥1x", false),
        ("COOKIE⇥{hex}", "COOKIE⇥0af", true), ("COOKIE⇥{hex}", "COOKIE⇥0AF", false),
        ("A⇥{field}⇥C", "A⇥⇥C", true), ("A⇥{field}⇥C", "A⇥b⇥C", true), ("A⇥{field}⇥C", "A⇥b⇥b⇥C", false),
        ("OK⇥1{any}", "OK⇥1", true), ("OK⇥1{any}", "OK⇥1⇥user=x", true), ("OK⇥1{any}⇥z", "OK⇥1⇥y⇥z", true),
        ("OK⇥1{any}", "OK⇥", false), ("{any}{any}", "", true), ("", "", true), ("", "x", false),
        ("{number}1", "11", true), ("{number}1", "12", false),
    ])
    func gaps(_ pattern: String, _ actual: String, _ matches: Bool) throws {
        #expect(try line(pattern).matches(Array(actual.replacing("⇥", with: "\t").utf8)) == matches)
    }

    @Test("What a pattern gives as its example, it matches", arguments: ["{number}{hex}{field}{any}", "a{any}b{number}"])
    func example(_ text: String) throws {
        let pattern = try line(text)
        #expect(pattern.matches(pattern.example))
    }

    @Test("Mistakes name their line and the remedy", arguments: [
        (#"a\q"#, #"\q is unknown: there are \t \r \n \0 \xHH \\ \{"#), (#"a\"#, #"the line ends in a lone \"#),
        (#"\x1"#, #"\x needs two hex digits"#), (#"\xzz"#, #"\x needs two hex digits"#),
        ("{number", "there is a { without a }"),
        ("{pid}", "{pid} is unknown: there are {number}, {hex}, {field}, {any} and {base64:…}"),
    ])
    func mistakes(_ text: String, _ reason: String) {
        #expect(throws: TranscriptError(file: "test", line: 1, reason: reason)) { try line(text) }
    }
}
