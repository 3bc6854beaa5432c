import DovecotAuthProtocol
import Testing

@Suite("Tab escaping")
struct TabEscapingTests {
    // #expect can't hold a span.
    private func unescape(_ line: [UInt8]) -> [UInt8] { TabEscaping.unescape(line.span) }

    private static let pairs: [([UInt8], String)] = [
        ([], ""), (Array("plain".utf8), "plain"), ([0x00], "␁0"), ([0x01], "␁1"), ([0x09], "␁t"), ([0x0d], "␁r"),
        ([0x0a], "␁n"), (Array("a\tb\nc".utf8), "a␁tb␁nc"), ([0x01, 0x01, 0x74], "␁1␁1t"), (Array("ä=%".utf8), "ä=%"),
    ]

    @Test("Five bytes are escaped, and come back", arguments: pairs)
    func escapes(_ plain: [UInt8], _ escaped: String) {
        var line: [UInt8] = []
        TabEscaping.escape(plain.span, into: &line)
        #expect(line == escaped.onWire)
        #expect(unescape(escaped.onWire) == plain)
    }

    @Test("Bytes that are not UTF-8 pass through")
    func raw() {
        var line: [UInt8] = []
        TabEscaping.escape([0xff, 0x7f, 0x0b].span, into: &line)
        #expect(line == [0xff, 0x7f, 0x0b])
        #expect(unescape(line) == [0xff, 0x7f, 0x0b])
    }

    @Test("A String is escaped as its UTF-8")
    func string() {
        var line: [UInt8] = Array("user=".utf8)
        TabEscaping.escape("a\tä", into: &line)
        #expect(line == "user=a␁tä".onWire)
    }

    // str_tabunescape of Dovecot 2.3: an unknown letter stands for itself, a mark at the end is dropped.
    @Test("Unknown and cut escapes", arguments: [("␁x", "x"), ("␁␁", "\u{1}"), ("a␁", "a"), ("␁", ""), ("␁t␁", "\t")])
    func lenient(_ escaped: String, _ plain: String) {
        #expect(unescape(escaped.onWire) == Array(plain.utf8))
    }

    @Test("Any bytes survive, and none of the five stands bare", arguments: SeededGenerator.seeds)
    func roundTrip(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let plain = generator.bytes(upTo: 60).map { $0 % 16 == 0 ? $0 : $0 % 20 }
            var line: [UInt8] = []
            TabEscaping.escape(plain.span, into: &line)
            #expect(!line.contains { [0x00, 0x09, 0x0a, 0x0d].contains($0) }, "seed \(seed)")
            #expect(unescape(line) == plain, "seed \(seed)")
        }
    }
}
