internal import CPlatform
internal import Glibc

/// A thread of our own, for work that must not run on an event loop.
package struct WorkerThread: Sendable {
    private let handle: pthread_t

    private final class Start: Sendable {
        private let body: @Sendable () -> Void
        private let givesWay: Bool

        init(_ body: @escaping @Sendable () -> Void, _ givesWay: Bool) {
            self.body = body
            self.givesWay = givesWay
        }

        func run() {
            // Where the system refuses, the thread works all the same.
            if givesWay { _ = gatepost_give_way() }
            body()
        }
    }

    /// Starts a thread that runs `body`; nil if the system has no room for one.
    ///
    /// - Parameter givesWay: whether it runs at a lower priority (nice 5), so that threads which only have to react
    ///   get the processor at once. While nobody else wants it that costs nothing.
    package init?(name: String, givesWay: Bool = false, _ body: @escaping @Sendable () -> Void) {
        var handle = pthread_t()
        // The new thread takes over the reference that is retained here.
        let start = unsafe Unmanaged.passRetained(Start(body, givesWay))
        let status = unsafe pthread_create(
            &handle, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, start.toOpaque())
        guard status == 0 else {
            unsafe start.release()
            return nil
        }
        // The kernel keeps fifteen characters.
        unsafe gatepost_name_thread(UInt(handle), String(name.prefix(15)))
        self.handle = handle
    }

    /// Lets the thread end by itself.
    package func detach() {
        pthread_detach(handle)
    }

    /// Waits until the thread's body has returned.
    package func join() {
        pthread_join(handle, nil)
    }
}
