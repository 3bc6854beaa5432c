internal import AuthEngine
internal import NIOCore

extension Instant {
    /// The clock of NIO's event loops, which is monotonic.
    static var now: Instant {
        Instant(nanoseconds: Int64(clamping: NIODeadline.now().uptimeNanoseconds))
    }
}

extension NIODeadline {
    init(_ instant: Instant) {
        self = .uptimeNanoseconds(UInt64(clamping: instant.nanoseconds))
    }
}
