@testable import AuthDatabases
import Testing

@Suite("A dictionary that knows its order of use")
struct RecentlyUsedTests {
    @Test("What was used least recently goes first")
    func order() {
        var values = RecentlyUsed<String, Int>()
        for (number, key) in ["a", "b", "c", "d"].enumerated() { values.set(key, number) }
        let used = [values.use("a"), values.use("x")]
        #expect(used == [0, nil])
        values.set("b", 7)
        #expect(values.peek("c") == 2)
        #expect(values.keys == ["c", "d", "a", "b"])
        let first = [values.removeOldest(), values.removeOldest()]
        #expect(first == [2, 3] && values.keys == ["a", "b"] && values.count == 2)
        let last = [values.removeOldest(), values.removeOldest(), values.removeOldest()]
        #expect(last == [0, 7, nil] && values.isEmpty)
    }

    @Test("It agrees with a list that is searched, whatever is done", arguments: 1...20)
    func agrees(seed: Int) {
        var state = UInt64(seed)
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var values = RecentlyUsed<Int, Int>()
        var list: [(key: Int, value: Int)] = []
        for step in 0..<500 {
            let key = next(20)
            let place = list.firstIndex { $0.key == key }
            switch next(6) {
            case 0, 1, 2:
                values.set(key, step)
                if let place { list.remove(at: place) }
                list.append((key, step))
            case 3:
                let used = values.use(key)
                #expect(used == place.map { list[$0].value })
                if let place { list.append(list.remove(at: place)) }
            case 4:
                let removed = values.remove(key)
                #expect(removed == place.map { list[$0].value })
                if let place { list.remove(at: place) }
            default:
                let removed = values.removeOldest()
                #expect(removed == list.first?.value)
                if !list.isEmpty { list.removeFirst() }
            }
            #expect(values.keys == list.map(\.key))
        }
        let odd = list.filter { !$0.value.isMultiple(of: 2) }.count
        let count = values.removeAll { _, value in !value.isMultiple(of: 2) }
        #expect(count == odd)
        #expect(values.keys == list.filter { $0.value.isMultiple(of: 2) }.map(\.key))
    }
}
