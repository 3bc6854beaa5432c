import Testing

@testable import DovecotAuthProtocol

@Suite("Numbers in lines")
struct LineWritingTests {
    @Test(
        "A number is written in plain decimal, from the smallest to the largest",
        arguments: [0, 1, 9, 10, 99, 100, 12345, 999_999_999, 1_000_000_000, 4_294_967_294, 4_294_967_295] as [UInt32])
    func decimal(number: UInt32) {
        var line = Array("OK\t".utf8)
        line.append(decimal: number)
        #expect(String(decoding: line, as: UTF8.self) == "OK\t" + String(number))
    }
}
