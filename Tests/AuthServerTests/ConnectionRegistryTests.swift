import AuthEngine
import Synchronization
import Testing

@testable import AuthServer

@Suite("The registry of connections")
struct ConnectionRegistryTests {
    @Test("It admits as many as may be open, says which is the last, and admits others when one ends")
    func counting() {
        let registry = ConnectionRegistry(limit: 2)
        #expect(registry.admit() == .admitted)
        #expect(registry.admit() == .last)
        #expect(registry.count == 2)
        #expect(registry.admit() == .refused)
        #expect(registry.count == 2)
        registry.release()
        #expect(registry.count == 1)
        #expect(registry.admit() == .last)
    }

    @Test("Whoever waits for room is told once, when a connection ends or the limit rises")
    func waiting() {
        let registry = ConnectionRegistry(limit: 1)
        #expect(registry.admit() == .last)
        let told = Counter()
        registry.whenThereIsRoom { told.add() }
        #expect(told.count == 0)
        registry.limit = 2
        #expect(told.count == 1)
        registry.whenThereIsRoom { told.add() }
        #expect(told.count == 2)
        registry.limit = 1
        registry.whenThereIsRoom { told.add() }
        #expect(told.count == 2)
        registry.release()
        #expect(told.count == 3)
        registry.limit = 5
        #expect(told.count == 3)
    }

    @Test("A limit that sinks below what is open admits nobody until enough have left")
    func sinkingLimit() {
        let registry = ConnectionRegistry(limit: 3)
        for _ in 0..<3 { _ = registry.admit() }
        registry.limit = 1
        let told = Counter()
        registry.whenThereIsRoom { told.add() }
        registry.release()
        registry.release()
        #expect(registry.admit() == .refused)
        #expect(told.count == 0)
        registry.release()
        #expect(told.count == 1)
        #expect(registry.admit() == .last)
    }

    @Test("The admin is told of a delay once, and again only after there was room for a while")
    func delays() {
        let registry = ConnectionRegistry(limit: 100)
        for _ in 0..<100 { _ = registry.admit() }
        #expect(registry.isFirstDelay())
        #expect(!registry.isFirstDelay())
        // One leaves, one comes, and so on.
        for _ in 0..<10 {
            registry.release()
            #expect(registry.admit() == .last)
            #expect(!registry.isFirstDelay())
        }
        for _ in 0..<5 { registry.release() }
        #expect(registry.isFirstDelay())
    }

    @Test("Of failures of the system he is told once a minute")
    func failures() {
        let registry = ConnectionRegistry(limit: 1)
        let start = Instant(nanoseconds: 5)
        #expect(registry.mayTellFailure(at: start))
        #expect(!registry.mayTellFailure(at: start + .seconds(59)))
        #expect(registry.mayTellFailure(at: start + .seconds(60)))
        #expect(!registry.mayTellFailure(at: start + .seconds(61)))
    }

    @Test("Waiting for the end returns when the last connection has ended")
    func end() async {
        let registry = ConnectionRegistry(limit: 2)
        await registry.waitUntilEmpty()
        _ = registry.admit()
        _ = registry.admit()
        async let countAtEnd: Int = {
            await registry.waitUntilEmpty()
            return registry.count
        }()
        registry.release()
        #expect(registry.count == 1)
        registry.release()
        #expect(await countAtEnd == 0)
    }

    @Test("Numbers of connections are never 0 and never the same twice in a row")
    func numbers() {
        let registry = ConnectionRegistry(limit: 1)
        let numbers = (0..<1000).map { _ in registry.nextNumber() }
        #expect(numbers.allSatisfy { $0 > 0 })
        #expect(Set(numbers).count == 1000)
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}
