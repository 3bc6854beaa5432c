internal import DovecotAuthProtocol
internal import NIOCore

/// One connection, read line by line with a time limit; bound to its event loop.
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

/// A channel and its mailbox, usable from any task.
struct LineConnection: Sendable {
    let channel: any Channel
    let mailbox: NIOLoopBound<LineMailbox>

    /// Adds a mailbox to a channel that is being set up; call it on the channel's event loop.
    static func install(in channel: any Channel) throws -> LineConnection {
        let mailbox = LineMailbox()
        try channel.pipeline.syncOperations.addHandler(mailbox)
        return LineConnection(channel: channel, mailbox: NIOLoopBound(mailbox, eventLoop: channel.eventLoop))
    }

    func next(within limit: Duration) async throws -> LineMailbox.Arrival {
        try await channel.eventLoop.flatSubmit {
            self.mailbox.value.next(within: TimeAmount(limit), on: self.channel.eventLoop)
        }.get()
    }

    func write(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    func close() async {
        // It may be closed already.
        try? await channel.close().get()
    }
}
