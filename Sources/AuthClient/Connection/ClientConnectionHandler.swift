internal import DovecotAuthProtocol
internal import NIOCore
internal import NIOPosix
internal import SASLMechanisms
internal import Secrets
internal import Synchronization

/// Does what the machine of one connection says; every decision is the machine's.
final class ClientConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let address: String
    private let processID: UInt32
    private let handshakeTimeout: TimeAmount
    private let ready: EventLoopPromise<ServerDescription>
    private var machine = ClientConnectionMachine()
    private var exchanges: [RequestID: Exchange] = [:]
    private var handshakeDeadline: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    /// - Parameter ready: completed by the end of the handshake.
    init(
        address: String, processID: UInt32, handshakeTimeout: TimeAmount, ready: EventLoopPromise<ServerDescription>
    ) {
        self.address = address
        self.processID = processID
        self.handshakeTimeout = handshakeTimeout
        self.ready = ready
    }

    // MARK: From the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        perform(machine.disconnected())
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        var lines: [UInt8] = []
        // Dovecot 2.4 keeps its MECH lines back until it has read this; 2.3 and Gatepost don't mind.
        ClientCommandEncoder.handshake(.dovecot24, processID: processID, into: &lines)
        send(&lines)
        handshakeDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: handshakeTimeout) {
            self.perform(self.machine.handshakeDeadlinePassed())
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let line = unwrapInboundIn(data)
        // The buffer is only read inside the closure.
        let action = unsafe line.withUnsafeReadableBytes { bytes in
            unsafe machine.received(bytes.bindMemory(to: UInt8.self).span)
        }
        switch action {
        case .ignore: break
        case .ready(let description):
            handshakeDeadline?.cancel()
            ready.succeed(description)
        case .challenge(let id, let challenge): answer(id, challenge, bindingType: nil)
        case .bindingChallenge(let id, let challenge, let type): answer(id, challenge, bindingType: type)
        case .finish(let id, let outcome): finish(id, outcome)
        case .namelessSuccess(let id):
            end(
                id,
                .failure(
                    AuthClientError(
                        .protocolViolation, "the auth server at \(address) sent an OK that names no user")))
        case .fail(let fault, let ids): fail(fault, ids)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        perform(machine.disconnected())
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is ServerLineDecoder.TooLongLine {
            perform(machine.receivedTooLongLine())
        } else {
            perform(machine.disconnected(reason: (error as? IOError).map(IOErrorText.reason) ?? "\(error)"))
        }
    }

    // MARK: From the client

    func begin(_ exchange: Exchange) {
        guard !exchange.isOver else { return }
        switch machine.begin() {
        case .refuse(let fault):
            if exchange.end() { exchange.outcome.fail(fault.error(at: address)) }
        case .send(let id):
            var line = exchange.firstLine(id)
            guard line.count <= ProtocolLimits.longestLine else {
                wipe(&line)
                // Nothing was sent under this id, so there is nothing to cancel.
                _ = machine.abandoned(id)
                if exchange.end() { exchange.outcome.fail(Self.tooLong) }
                return
            }
            guard let context else {
                wipe(&line)
                _ = machine.abandoned(id)
                if exchange.end() { exchange.outcome.fail(ConnectionFault.closed.error(at: address)) }
                return
            }
            exchanges[id] = exchange
            let deadline = context.eventLoop.assumeIsolated().scheduleTask(in: exchange.timeout) {
                let seconds = exchange.timeout.nanoseconds / 1_000_000_000
                self.abandon(
                    id,
                    AuthClientError(
                        .timedOut, "the auth server at \(self.address) did not decide within \(seconds) s"))
            }
            exchange.started(id, deadline: deadline)
            send(&line)
        }
    }

    /// Its owner no longer waits.
    func cancel(_ exchange: Exchange) {
        if let id = exchange.id {
            abandon(id, CancellationError())
        } else if exchange.end() {
            exchange.outcome.fail(CancellationError())
        }
    }

    func close() {
        perform(machine.close())
    }

    // MARK: Doing

    private func answer(_ id: RequestID, _ challenge: [UInt8], bindingType: String?) {
        guard let exchange = exchanges[id], let context else { return }
        // SCRAM derives its keys here, for milliseconds and more.
        let answer = NIOThreadPool.singleton.runIfActive(eventLoop: context.eventLoop) {
            try SentLine(exchange.nextLine(id, challenge: challenge, bindingType: bindingType))
        }
        answer.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let line): self.answer(id, line)
            case .failure(let error): self.abandon(id, exchange.mechanismError(error))
            }
        }
    }

    private func answer(_ id: RequestID, _ line: SentLine) {
        // It may have been given up meanwhile.
        guard exchanges[id] != nil else { return }
        line.withBytes { line in
            if line.count <= ProtocolLimits.longestLine { send(&line) } else { abandon(id, Self.tooLong) }
        }
    }

    private func finish(_ id: RequestID, _ outcome: AuthenticationOutcome) {
        guard let exchange = exchanges[id] else { return }
        do throws(ClientMechanismFailure) {
            end(id, .success(try exchange.judge(outcome)))
        } catch {
            end(id, .failure(exchange.mechanismError(error)))
        }
    }

    private static let tooLong = AuthClientError(
        .requestTooLong,
        "the request would be longer than \(ProtocolLimits.longestLine) bytes, which no auth server reads")

    private func abandon(_ id: RequestID, _ error: any Error) {
        switch machine.abandoned(id) {
        case .ignore: break
        case .sendCancel:
            var line: [UInt8] = []
            ClientCommandEncoder.cancel(id, into: &line)
            send(&line)
        }
        end(id, .failure(error))
    }

    private func end(_ id: RequestID, _ result: Result<AuthenticationOutcome, any Error>) {
        guard let exchange = exchanges.removeValue(forKey: id), exchange.end() else { return }
        exchange.outcome.completeWith(result)
    }

    private func perform(_ action: ClientConnectionMachine.OnEnd) {
        switch action {
        case .ignore: break
        case .fail(let fault, let ids): fail(fault, ids)
        }
    }

    private func fail(_ fault: ConnectionFault, _ ids: [RequestID]) {
        handshakeDeadline?.cancel()
        let error = fault.error(at: address)
        ready.fail(error)
        for id in ids { end(id, .failure(error)) }
        context?.close(promise: nil)
    }

    /// Sends `line` and wipes it here and in the channel's buffer, once the kernel has it.
    private func send(_ line: inout [UInt8]) {
        guard let context else { return wipe(&line) }
        var buffer = context.channel.allocator.buffer(capacity: line.count)
        buffer.writeBytes(line)
        wipe(&line)
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: written)
        let sent = SentBuffer(buffer)
        written.futureResult.assumeIsolated().whenComplete { _ in sent.wipe() }
    }
}

extension Exchange {
    fileprivate func mechanismError(_ error: any Error) -> AuthClientError {
        AuthClientError(.mechanismFailed, "\(request.mechanism): \(error)")
    }
}

/// A line on its way from the thread that made it to the event loop that sends it; wiped at its end.
private final class SentLine: Sendable {
    private let bytes: Mutex<[UInt8]>

    init(_ bytes: consuming [UInt8]) {
        self.bytes = Mutex(bytes)
    }

    func withBytes(_ body: (inout [UInt8]) -> Void) {
        bytes.withLock { body(&$0) }
    }

    deinit {
        bytes.withLock { wipe(&$0) }
    }
}

/// Holds what was sent until it can be wiped; by then the channel has let go of it, so no copy is made.
private final class SentBuffer {
    private var buffer: ByteBuffer

    init(_ buffer: ByteBuffer) { self.buffer = buffer }

    func wipe() {
        // The pointer stays inside the closure.
        unsafe buffer.withUnsafeMutableReadableBytes { unsafe Secrets.wipe($0) }
        buffer.clear()
    }
}
