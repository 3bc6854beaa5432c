internal import Logging
internal import NIOCore

/// Accepts no more connections than the server may have; those beyond wait in the socket's queue, as with Dovecot.
///
/// Refusing them would be worse: for Postfix a refusing socket is a dead service.
final class AcceptLimiter: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never
    typealias OutboundOut = Never

    /// How many connections one turn of the loop accepts at most; where several sockets accept at once, each may exceed
    /// the limit by as many.
    static let connectionsPerRead = 8

    private let registry: ConnectionRegistry
    private let logger: Logger
    private var isReadHeld = false
    private var hasWarned = false
    private var connectionsOfNextRead = 0

    init(registry: ConnectionRegistry, logger: Logger) {
        self.registry = registry
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        registry.add(unwrapInboundIn(data))
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        let room = registry.room
        if room > 0 {
            hasWarned = false
            accept(min(room, Self.connectionsPerRead), context)
            context.read()
            return
        }
        isReadHeld = true
        if !hasWarned {
            hasWarned = true
            logger.warning("client_limit (\(registry.limit)) reached, client connections are being delayed")
        }
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, context), eventLoop: loop)
        registry.whenThereIsRoom {
            loop.execute {
                let (limiter, context) = bound.value
                limiter.release(context)
            }
        }
    }

    private func accept(_ count: Int, _ context: ChannelHandlerContext) {
        guard count != connectionsOfNextRead else { return }
        connectionsOfNextRead = count
        // Every channel that accepts has the option.
        try? context.channel.syncOptions?.setOption(.maxMessagesPerRead, value: UInt(count))
    }

    private func release(_ context: ChannelHandlerContext) {
        guard isReadHeld else { return }
        isReadHeld = false
        read(context: context)
    }
}
