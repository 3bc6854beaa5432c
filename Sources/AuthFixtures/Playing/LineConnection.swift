internal import NIOCore

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
