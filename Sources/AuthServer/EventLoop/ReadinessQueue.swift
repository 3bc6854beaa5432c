internal import CPlatform
internal import Glibc

/// The kernel's word on which descriptors are ready: an epoll.
struct ReadinessQueue: ~Copyable {
    /// Kinds of readiness.
    struct Kinds: OptionSet {
        var rawValue: UInt32

        static let readable = Kinds(rawValue: UInt32(GATEPOST_READABLE))
        static let writable = Kinds(rawValue: UInt32(GATEPOST_WRITABLE))
        /// The peer is gone altogether; always told.
        static let hungUp = Kinds(rawValue: UInt32(GATEPOST_HUNG_UP | GATEPOST_BROKEN))
    }

    static let mostEvents = GATEPOST_MOST_EVENTS

    private let descriptor: Int32

    init() throws(SystemFailure) {
        descriptor = gatepost_epoll_create()
        guard descriptor >= 0 else { throw SystemFailure(call: "epoll_create") }
    }

    func add(_ descriptor: Int32, _ kinds: Kinds, token: UInt64) throws(SystemFailure) {
        guard gatepost_epoll_add(self.descriptor, descriptor, kinds.rawValue, token) == 0 else {
            throw SystemFailure(call: "epoll_ctl")
        }
    }

    /// The descriptor was added, which is all that could make this fail.
    func change(_ descriptor: Int32, _ kinds: Kinds, token: UInt64) {
        _ = gatepost_epoll_modify(self.descriptor, descriptor, kinds.rawValue, token)
    }

    func remove(_ descriptor: Int32) {
        _ = gatepost_epoll_remove(self.descriptor, descriptor)
    }

    /// Waits, and says how many elements of `ready` were filled; none if a signal came between.
    ///
    /// - Parameter milliseconds: how long at most; -1 for ever.
    func wait(_ ready: inout [gatepost_readiness], milliseconds: Int32) -> Int {
        precondition(ready.count >= Self.mostEvents)
        // The array has room for as many as the call may fill.
        return Int(max(0, unsafe gatepost_epoll_wait(descriptor, &ready, milliseconds)))
    }

    deinit { close(descriptor) }
}

/// What the system refused.
struct SystemFailure: Error, CustomStringConvertible {
    let description: String

    /// Of a call that has just set `errno`.
    init(call: String) {
        description = "\(call) failed: \(errorText(errno))"
    }
}
