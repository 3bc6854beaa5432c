internal import AuthEngine
internal import NIOCore

extension Instant {
    /// The clock of NIO's event loops, which is monotonic.
    static var now: Instant { Instant(.now()) }

    init(_ deadline: NIODeadline) {
        self.init(nanoseconds: Int64(clamping: deadline.uptimeNanoseconds))
    }
}

extension NIODeadline {
    init(_ instant: Instant) {
        self = .uptimeNanoseconds(UInt64(clamping: instant.nanoseconds))
    }
}
