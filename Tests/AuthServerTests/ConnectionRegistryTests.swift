import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import AuthServer

@Suite("The registry of connections")
struct ConnectionRegistryTests {
    @Test("It counts what is open, and has room for the rest")
    func counting() throws {
        let registry = ConnectionRegistry(limit: 2)
        let first = EmbeddedChannel()
        let second = EmbeddedChannel()
        registry.add(first)
        #expect(registry.room == 1)
        registry.add(second)
        #expect(registry.count == 2)
        #expect(registry.room == 0)
        _ = try first.finish()
        #expect(registry.count == 1)
        #expect(registry.room == 1)
        _ = try second.finish()
    }

    @Test("Whoever waits for room is told once, when a connection ends or the limit rises")
    func waiting() throws {
        let registry = ConnectionRegistry(limit: 1)
        let channel = EmbeddedChannel()
        registry.add(channel)
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
        _ = try channel.finish()
        #expect(told.count == 3)
    }

    @Test("Waiting for the end returns when the last connection has ended")
    func end() async throws {
        let registry = ConnectionRegistry(limit: 2)
        await registry.waitUntilEmpty()
        let channels = [NIOAsyncTestingChannel(), NIOAsyncTestingChannel()]
        for channel in channels { registry.add(channel) }
        async let countAtEnd: Int = {
            await registry.waitUntilEmpty()
            return registry.count
        }()
        try await channels[0].close().get()
        #expect(registry.count == 1)
        try await channels[1].close().get()
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
