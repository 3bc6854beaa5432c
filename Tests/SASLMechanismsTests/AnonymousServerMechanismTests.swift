import SASLMechanisms
import Testing

@Suite("ANONYMOUS, server side")
struct AnonymousServerMechanismTests {
    // RFC 4505 section 4: c2lyaGM= is "sirhc".
    @Test("The trace of RFC 4505 is handed on, and the engine decides", arguments: [true, false])
    func rfcExample(isAdmitted: Bool) {
        var exchange = ExchangeUnderTest(AnonymousServerMechanism.offer)
        let first = exchange.step(.begin)
        #expect(first == .challenge(""))
        let step = exchange.step(.response, bytes: decoded("c2lyaGM="))
        #expect(step == .admitAnonymous(trace: "sirhc"))
        let end = exchange.step(isAdmitted ? .correct : .incorrect)
        #expect(end == (isAdmitted ? .succeed(nil) : .fail(.anonymousRefused)))
    }

    static let traces: [([UInt8], String)] = [
        ([], ""), ([0], "\0"), ([0, 0x61], "\0a"), ([0x20], " "), ([0x0a], "\n"), ([0x61, 0x09, 0x62], "a\tb"),
        (Array("bob@example.com".utf8), "bob@example.com"), (Array("ä€😀".utf8), "ä€😀"),
        ([0x80], "\u{fffd}"), ([0xff], "\u{fffd}"), ([0x61, 0xff, 0x62], "a\u{fffd}b"),
        ([0xc0, 0x80], "\u{fffd}\u{fffd}"), ([0xe2, 0x82], "\u{fffd}"),
        ([0xed, 0xa0, 0x80], "\u{fffd}\u{fffd}\u{fffd}"),
        ([0xf4, 0x90, 0x80, 0x80], "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
        ([UInt8](repeating: 0x61, count: 255), String(repeating: "a", count: 255)),
        ([UInt8](repeating: 0x61, count: 256), String(repeating: "a", count: 255)),
        ([UInt8](repeating: 0x61, count: 65_536), String(repeating: "a", count: 255)),
        ([UInt8](repeating: 0xff, count: 65_536), String(repeating: "\u{fffd}", count: 255)),
        (Array(String(repeating: "😀", count: 300).utf8), String(repeating: "😀", count: 255)),
        (Array(String(repeating: "e\u{301}", count: 200).utf8), String(repeating: "e\u{301}", count: 127) + "e"),
    ]

    @Test("Any trace will do, as in Dovecot; 255 characters of it are handed on", arguments: traces)
    func anything(message: [UInt8], trace: String) {
        var exchange = ExchangeUnderTest(AnonymousServerMechanism.offer)
        let step = exchange.step(.beginWith, bytes: message)
        #expect(step == .admitAnonymous(trace: trace))
    }
}
