internal import NIOCore

/// The lines that arrive on one connection, each waited for with a time limit; bound to its event loop.
final class LineMailbox: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Arrival: Equatable, Sendable {
        case line([UInt8])
        case closed
        case nothingInTime
    }

    private var lines: [[UInt8]] = []
    private var unfinished: [UInt8] = []
    private var isClosed = false
    private var waiter: (promise: EventLoopPromise<Arrival>, deadline: Scheduled<Void>)?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        for byte in unwrapInboundIn(data).readableBytesView {
            if byte == UInt8(ascii: "\n") {
                lines.append(unfinished)
                unfinished = []
            } else {
                unfinished.append(byte)
            }
        }
        serve()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed = true
        serve()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset is an end like any other to a transcript.
        context.close(promise: nil)
    }

    /// The next line, or that there is none.
    func next(within limit: TimeAmount, on eventLoop: any EventLoop) -> EventLoopFuture<Arrival> {
        let promise = eventLoop.makePromise(of: Arrival.self)
        let deadline = eventLoop.assumeIsolated().scheduleTask(in: limit) {
            self.waiter = nil
            promise.succeed(.nothingInTime)
        }
        waiter = (promise, deadline)
        serve()
        return promise.futureResult
    }

    private func serve() {
        guard let waiter else { return }
        let arrival: Arrival
        if !lines.isEmpty {
            arrival = .line(lines.removeFirst())
        } else if isClosed {
            arrival = .closed
        } else {
            return
        }
        self.waiter = nil
        waiter.deadline.cancel()
        waiter.promise.succeed(arrival)
    }
}
