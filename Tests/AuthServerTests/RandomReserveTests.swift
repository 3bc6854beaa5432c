import Testing

@testable import AuthServer

@Suite("Random numbers that are drawn many at a time")
struct RandomReserveTests {
    @Test("No number comes twice, however often the reserve is filled, and two reserves have nothing in common")
    func distinct() {
        var (first, second) = (RandomReserve(), RandomReserve())
        var seen: Set<UInt64> = []
        for _ in 0..<1000 {
            #expect(seen.insert(first.next()).inserted)
            #expect(seen.insert(second.next()).inserted)
        }
    }
}
