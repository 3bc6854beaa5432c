import TestSupport
import Testing

@testable import AuthEngine

@Suite("The queue of costly work")
struct FairQueueTests {
    @Test("One host is served in order")
    func oneHost() {
        var queue = FairQueue<Int>()
        for number in 0..<100 { queue.append(number, host: "a") }
        #expect(queue.count == 100)
        for number in 0..<100 { #expect(queue.popFirst() == number) }
        #expect(queue.popFirst() == nil)
        #expect(queue.count == 0)
    }

    @Test("A host with a thousand requests delays another host's one by at most one turn")
    func fairness() {
        var queue = FairQueue<String>()
        for number in 0..<1000 { queue.append("a\(number)", host: "a") }
        queue.append("b", host: "b")
        let firstTwo = [queue.popFirst(), queue.popFirst()]
        #expect(firstTwo.contains("b"))
    }

    @Test("Nothing is lost, repeated or reordered within a host", arguments: 0..<20)
    func conservation(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var queue = FairQueue<(host: Int, number: Int)>()
        var appended = [Int: Int]()
        var popped = [Int: Int]()
        for _ in 0..<3000 {
            if Bool.random(using: &generator) {
                let host = Int.random(in: 0..<7, using: &generator)
                queue.append((host, appended[host, default: 0]), host: "\(host)")
                appended[host, default: 0] += 1
            } else if let element = queue.popFirst() {
                #expect(element.number == popped[element.host, default: 0])
                popped[element.host, default: 0] += 1
            }
        }
        while let element = queue.popFirst() {
            #expect(element.number == popped[element.host, default: 0])
            popped[element.host, default: 0] += 1
        }
        #expect(popped == appended)
    }
}
