internal import AuthEngine
internal import DovecotAuthProtocol
internal import Logging
internal import NIOCore
internal import Secrets

/// Drives one connection's machine: bytes in, bytes out, timers and questions in between; the only place with effects.
///
/// Everything that can be decided at once is decided in the same tick of the event loop, and all replies of one read
/// leave in one write.
final class ClientConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let service: LoginService
    private let listener: ServedListener
    private let registry: ConnectionRegistry
    private let logger: Logger

    private var machine: ConnectionMachine
    /// A line that has not come to its end yet, and whatever may not be read yet.
    private var pending: ByteBuffer?
    private var outbound: ByteBuffer
    private var scratch: [UInt8] = []
    private var undecided: [CheckTicket: UndecidedLogin] = [:]
    private var timer: (task: Scheduled<Void>, at: Instant)?
    private var isInputHeld = false
    private var isClosing = false
    private var hasBegunClose = false
    private var isReading = false

    init(service: LoginService, listener: ServedListener, registry: ConnectionRegistry, channel: any Channel) {
        self.service = service
        self.listener = listener
        self.registry = registry
        logger = service.logger
        machine = ConnectionMachine(settings: listener.settings, at: Instant(channel.eventLoop.now))
        outbound = channel.allocator.buffer(capacity: 512)
    }

    // MARK: Channel events

    func channelActive(context: ChannelHandlerContext) {
        let number = registry.nextNumber()
        var generator = SystemRandomNumberGenerator()
        let greeting = ServerGreeting(
            mechanisms: listener.offeredMechanisms, serverProcessID: service.processID, connectionID: number,
            cookie: .init(using: &generator))
        greeting.encode(into: &scratch)
        // A write of its own: some clients take whatever comes with the greeting for a part of it.
        send(context)
        if service.logging.isDebug { logger.debug("auth client connected (pid=0)") }
        armTimer(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        var bytes = unwrapInboundIn(data)
        if let waiting = pending.take() { bytes = joined(waiting, bytes, context) }
        consume(&bytes, context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        finishTurn(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if !isReading { finishTurn(context) }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        machine.peerClosed()
        writeLog()
        abandon()
        timer?.task.cancel()
        timer = nil
        if let bytes = pending.take() { wipe(bytes, from: bytes.readerIndex, to: bytes.writerIndex) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Connection reset and the like: the end of the connection says it all.
        logger.debug("auth client connection: \(error)")
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is DrainEvent:
            machine.drain()
            finishTurn(context)
        case ChannelEvent.inputClosed:
            // The peer has said all that it will, but may still read what it is owed.
            machine.inputEnded()
            finishTurn(context)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Input

    /// Takes line after line from `bytes`, wipes what was taken, and keeps the rest.
    private func consume(_ bytes: inout ByteBuffer, _ context: ChannelHandlerContext) {
        let start = bytes.readerIndex
        let now = Instant(context.eventLoop.now)
        let logging = service.logging
        while !isClosing, mayTakeInput(context) {
            guard let length = Self.lengthOfLine(in: bytes.readableBytesUInt8Span) else {
                guard bytes.readableBytes >= ProtocolLimits.longestLine else { break }
                perform(machine.receivedTooLongLine(), context, at: now)
                break
            }
            guard length < ProtocolLimits.longestLine else {
                perform(machine.receivedTooLongLine(), context, at: now)
                break
            }
            let action = receive(bytes.readableBytesUInt8Span.extracting(0..<length), logging, at: now)
            bytes.moveReaderIndex(forwardBy: length + 1)
            perform(action, context, at: now)
        }
        wipe(bytes, from: start, to: bytes.readerIndex)
        guard !isClosing, bytes.readableBytes > 0 else {
            if isClosing { wipe(bytes, from: bytes.readerIndex, to: bytes.writerIndex) }
            return
        }
        // A buffer of our own, for the channel's is used again.
        let room = max(2 * ProtocolLimits.longestLine, bytes.readableBytes)
        var kept = context.channel.allocator.buffer(capacity: room)
        take(bytes, into: &kept)
        pending = kept
    }

    /// What waited and what has come now, in one buffer.
    private func joined(_ waiting: ByteBuffer, _ bytes: ByteBuffer, _ context: ChannelHandlerContext) -> ByteBuffer {
        var joined = waiting
        if joined.writableBytes < bytes.readableBytes {
            // Growing would leave the old memory, with what it holds, to whoever gets it next.
            joined = context.channel.allocator.buffer(capacity: 2 * (waiting.readableBytes + bytes.readableBytes))
            take(waiting, into: &joined)
        }
        take(bytes, into: &joined)
        return joined
    }

    private func take(_ bytes: ByteBuffer, into target: inout ByteBuffer) {
        target.writeImmutableBuffer(bytes)
        wipe(bytes, from: bytes.readerIndex, to: bytes.writerIndex)
    }

    /// Neither requests that wait for an answer nor answers that wait for the peer may pile up.
    private func mayTakeInput(_ context: ChannelHandlerContext) -> Bool {
        machine.wantsInput && context.channel.isWritable
    }

    private func receive(
        _ line: Span<UInt8>, _ logging: LoginService.DebugLog, at now: Instant
    ) -> ConnectionAction {
        if logging.isDebug {
            let text = WireLog.input(line, showingPasswords: logging.showsPasswords)
            logger.debug("\(text)")
        }
        return machine.received(line, at: now)
    }

    private static func lengthOfLine(in bytes: Span<UInt8>) -> Int? {
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") { return index }
        return nil
    }

    /// Overwrites a part of a buffer that was read; the lines in it may hold passwords.
    private func wipe(_ bytes: ByteBuffer, from start: Int, to end: Int) {
        guard start < end else { return }
        // The memory belongs to this connection's buffer and nobody reads that part again. Going through a mutable
        // view would copy the buffer, which the channel still holds, and wipe the copy.
        unsafe bytes.withVeryUnsafeBytes { memory in
            unsafe Secrets.wipe(UnsafeMutableRawBufferPointer(mutating: UnsafeRawBufferPointer(rebasing: memory[start..<end])))
        }
    }

    // MARK: Actions

    private func perform(_ first: ConnectionAction, _ context: ChannelHandlerContext, at now: Instant) {
        var action = first
        while true {
            if machine.hasLog { writeLog() }
            if machine.hasAbandoned { abandon() }
            switch action {
            case .nothing:
                return
            case .reply(let reply):
                write(reply)
                return
            case .close:
                isClosing = true
                return
            case .check(let ticket):
                guard let check = machine.takeCheck() else { return }
                switch service.authenticator.decide(check) {
                case .now(let verdict):
                    action = machine.checked(ticket, verdict, at: now)
                case .later(let login):
                    undecided[ticket] = login
                    decideLater(login, ticket, context)
                    return
                }
            }
        }
    }

    private func decideLater(_ login: UndecidedLogin, _ ticket: CheckTicket, _ context: ChannelHandlerContext) {
        let loop = context.eventLoop
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: loop)
        login.resume { verdict in
            loop.execute {
                let (handler, context) = bound.value
                handler.decided(ticket, verdict, context)
            }
        }
    }

    private func decided(_ ticket: CheckTicket, _ verdict: LoginVerdict, _ context: ChannelHandlerContext) {
        // Whatever was abandoned meanwhile has left the table.
        guard undecided.removeValue(forKey: ticket) != nil else { return }
        let now = Instant(context.eventLoop.now)
        perform(machine.checked(ticket, verdict, at: now), context, at: now)
        if !isReading { finishTurn(context) }
    }

    private func abandon() {
        for ticket in machine.takeAbandoned() { undecided.removeValue(forKey: ticket)?.cancel() }
    }

    private func writeLog() {
        for line in machine.takeLog() { logger.log(level: line.level.loggerLevel, "\(line.text)") }
    }

    private func write(_ reply: ServerReply) {
        let start = scratch.count
        let dropped = reply.encode(into: &scratch)
        if !dropped.isEmpty {
            logger.warning(
                "auth client 0: reply \(reply.id) has more fields than clients can read, left out: \(dropped.joined(separator: ", "))"
            )
        }
        if service.logging.isDebug {
            let text = WireLog.output(scratch.span.extracting(start..<scratch.count - 1))
            logger.debug("\(text)")
        }
    }

    // MARK: The end of a turn

    private func finishTurn(_ context: ChannelHandlerContext) {
        if isInputHeld, !isClosing, mayTakeInput(context), var bytes = pending.take() { consume(&bytes, context) }
        // Lines that may not be read yet are owed an answer, too.
        let isOver = machine.isDrained && (pending == nil || mayTakeInput(context))
        if isClosing || isOver { return close(context) }
        send(context)
        armTimer(context)
        holdOrReleaseInput(context)
    }

    private func send(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>? = nil) {
        guard !scratch.isEmpty || promise != nil else { return }
        outbound.clear()
        outbound.writeBytes(scratch)
        scratch.removeAll(keepingCapacity: true)
        context.writeAndFlush(wrapOutboundOut(outbound), promise: promise)
    }

    /// Closes once all that was written has left, which takes a while if the peer reads slowly.
    private func close(_ context: ChannelHandlerContext) {
        guard !hasBegunClose else { return }
        isClosing = true
        hasBegunClose = true
        let sent = context.eventLoop.makePromise(of: Void.self)
        // Whether it was sent or can't be any more, the connection is over.
        sent.futureResult.whenComplete { [channel = context.channel] _ in channel.close(promise: nil) }
        send(context, promise: sent)
    }

    /// Stops reading while too much waits for this server, or for the peer: its own socket buffer is the queue then.
    private func holdOrReleaseInput(_ context: ChannelHandlerContext) {
        let isHeld = !mayTakeInput(context)
        guard isHeld != isInputHeld else { return }
        isInputHeld = isHeld
        context.channel.setOption(.autoRead, value: !isHeld).whenFailure { _ in }
    }

    private func armTimer(_ context: ChannelHandlerContext) {
        guard let next = machine.nextDeadline else { return }
        if let timer, timer.at <= next { return }
        timer?.task.cancel()
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let task = context.eventLoop.scheduleTask(deadline: NIODeadline(next)) {
            let (handler, context) = bound.value
            handler.timerFired(context)
        }
        timer = (task, next)
    }

    private func timerFired(_ context: ChannelHandlerContext) {
        timer = nil
        guard context.channel.isActive else { return }
        let now = Instant(context.eventLoop.now)
        while !isClosing, let action = machine.deadlinePassed(at: now) { perform(action, context, at: now) }
        finishTurn(context)
    }
}

extension LogLine.Level {
    var loggerLevel: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
