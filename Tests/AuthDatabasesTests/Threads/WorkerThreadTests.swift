import Glibc
import Synchronization
import TestSupport
import Testing

@testable import AuthDatabases

@Suite("Threads of our own", .timeLimit(.minutes(1)))
struct WorkerThreadTests {
    @Test("A thread runs its body elsewhere, and joining waits for its end")
    func join() {
        let number = Shared(pthread_self())
        let caller = number.value
        let thread = WorkerThread(name: "test") { number.set(pthread_self()) }
        thread?.join()
        #expect(number.value != caller)
    }

    @Test("The kernel knows it by its name, of which it keeps fifteen characters (prctl(2))")
    func name() {
        let gate = AuthDatabases.Semaphore()
        let name = Shared("")
        let thread = WorkerThread(name: "gatepost-test-thread") {
            gate.wait()
            var text = [UInt8](repeating: 0, count: 32)
            // The string and the array live for the length of the calls.
            let file = unsafe open("/proc/thread-self/comm", O_RDONLY | O_CLOEXEC)
            let count = unsafe read(file, &text, text.count)
            close(file)
            name.set(String(decoding: text.prefix(max(count, 0)), as: UTF8.self))
        }
        gate.signal()
        thread?.join()
        #expect(name.value == "gatepost-test-t\n")
    }

    @Test("One that gives way has a lower priority, and no other thread has", arguments: [(false, 0), (true, 5)])
    func priority(givesWay: Bool, expected: Int) {
        let fields = Shared("")
        let thread = WorkerThread(name: "test", givesWay: givesWay) {
            var text = [UInt8](repeating: 0, count: 1024)
            // The string and the array live for the length of the calls.
            let file = unsafe open("/proc/thread-self/stat", O_RDONLY | O_CLOEXEC)
            let count = unsafe read(file, &text, text.count)
            close(file)
            fields.set(String(decoding: text.prefix(max(count, 0)), as: UTF8.self))
        }
        thread?.join()
        // The 19th field of proc(5)'s stat is the nice value; the name is the second, in parentheses.
        let words = fields.value.split(separator: ")").last?.split(separator: " ") ?? []
        #expect(words.count > 16 && Int(words[16]) == expected, "\(fields.value)")
    }

    @Test("A semaphore lets through as many as it was signalled, before or after they came")
    func semaphore() async throws {
        let semaphore = AuthDatabases.Semaphore()
        semaphore.signal()
        semaphore.signal()
        // These would block if the signals were lost.
        semaphore.wait()
        semaphore.wait()
        let (through, all) = (Latch(2), Latch(3))
        let count = Shared(0)
        let threads = (0..<3).compactMap { _ in
            WorkerThread(name: "waiter") {
                semaphore.wait()
                count.change { $0 += 1 }
                through.countDown()
                all.countDown()
            }
        }
        semaphore.signal()
        semaphore.signal()
        await through.wait()
        #expect(count.value == 2)
        semaphore.signal()
        await all.wait()
        for thread in threads { thread.join() }
        #expect(count.value == 3)
    }
}

private final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>
    init(_ value: Value) { state = Mutex(value) }
    var value: Value { state.withLock { $0 } }
    func set(_ value: Value) { state.withLock { $0 = value } }
    func change(_ body: (inout Value) -> Void) { state.withLock { body(&$0) } }
}
