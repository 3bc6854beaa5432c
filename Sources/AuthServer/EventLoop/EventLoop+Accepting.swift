internal import AuthEngine
internal import CPlatform
internal import Glibc
internal import Logging

/// A listening socket, as one loop sees it.
struct LoopListener {
    /// By which its events are recognised.
    let number: Int
    let descriptor: Int32
    let kind: any ConnectionKind
    /// How many connections the next event accepts at most. It grows while there are more, so that a single arrival costs
    /// one call, and a crowd neither waits nor makes others wait.
    var budget = 1
    /// How many events in a row found so many, and the round of the last of them.
    var crowd = (events: 0, round: 0)
}

extension EventLoop {
    static let largestBudget = 16
    /// After so many rounds that left connections waiting another loop accepts, too.
    private static let patientRounds = 4

    /// The first loop accepts from the socket; the others help if it is asked for more than it can do. Were each woken by
    /// whoever connects, two processors would share every cache line of a login that one of them does in less time.
    func add(_ listener: LoopListener) throws(SystemFailure) {
        listeners.append(listener)
        if isFirst, !acceptingIsPaused { try watch(listener) }
    }

    private var isFirst: Bool { shared.first === handle }

    /// Accepts from it no longer; the caller closes it when no loop does.
    func removeListener(_ number: Int) {
        guard let index = listeners.firstIndex(where: { $0.number == number }) else { return }
        let listener = listeners.remove(at: index)
        if isFirst { handle.readiness.remove(listener.descriptor) }
    }

    /// Of the first loop: somebody has connected.
    func accept(_ number: Int, _ turn: inout LoopTurn) {
        guard let index = listeners.firstIndex(where: { $0.number == number }) else { return }
        let budget = listeners[index].budget
        switch accept(listeners[index], budget, &turn) {
        case .more:
            listeners[index].budget = min(2 * budget, Self.largestBudget)
            if budget == Self.largestBudget { noteCrowd(index) }
        case .none:
            listeners[index].budget = 1
        case .noRoom:
            waitForRoom()
        case .failure(let cause):
            listeners[index].budget = 1
            acceptFailed(cause, turn)
        }
    }

    /// Of another loop: there is a crowd.
    func help(_ number: Int, _ turn: inout LoopTurn) {
        if let listener = listeners.first(where: { $0.number == number }),
            case .more = accept(listener, Self.largestBudget, &turn),
            handle.post({ loop, turn in loop.help(number, &turn) })
        {
            return
        }
        // Whatever stands in the way, the first loop meets it, too.
        handle.endHelping()
    }

    private enum Outcome {
        case more
        case none
        case noRoom
        case failure(Int32)
    }

    private func accept(_ listener: LoopListener, _ most: Int, _ turn: inout LoopTurn) -> Outcome {
        for _ in 0..<most {
            let admission = shared.registry.admit()
            guard admission != .refused else { return .noRoom }
            let accepted = gatepost_accept(listener.descriptor)
            guard accepted >= 0 else {
                let cause = errno
                shared.registry.release()
                return cause == EAGAIN || cause == EINTR || cause == ECONNABORTED ? .none : .failure(cause)
            }
            handle.addConnection()
            adopt(ConnectedSocket(descriptor: accepted), listener.kind, &turn)
            if admission == .last { return .noRoom }
        }
        return .more
    }

    /// Takes a connection that was accepted; it is counted already.
    private func adopt(_ socket: ConnectedSocket, _ kind: any ConnectionKind, _ turn: inout LoopTurn) {
        let arrival = ArrivedPeer(descriptor: socket.descriptor, number: shared.registry.nextNumber())
        guard let peer = kind.makeConnection(arrival, at: turn.now) else {
            socket.close()
            return leave()
        }
        let connection = SocketConnection(socket, peer)
        connections.insert(connection)
        guard watch(connection) else { return close(connection, &turn) }
        turn.connection = connection.token
        connection.stream.opened(&turn)
        if isDraining { peer.drain(&turn) }
        finish(connection, &turn)
    }

    /// - Returns: false if the system has no room for it.
    func watch(_ connection: SocketConnection) -> Bool {
        do throws(SystemFailure) {
            try handle.readiness.add(
                connection.socket.descriptor, connection.kinds, token: connection.token.rawValue)
            return true
        } catch {
            shared.logger.error("client connection: \(error)")
            return false
        }
    }

    /// One connection less.
    func leave() {
        handle.removeConnection()
        shared.registry.release()
    }

    private func noteCrowd(_ index: Int) {
        let last = listeners[index].crowd
        let events = round &- last.round <= 1 ? last.events + 1 : 1
        listeners[index].crowd = (events % Self.patientRounds, round)
        if events == Self.patientRounds { shared.askForHelp(listeners[index].number) }
    }

    private func acceptFailed(_ cause: Int32, _ turn: borrowing LoopTurn) {
        // EMFILE and its like. The socket stays readable, and asking at once again would only keep the loop busy.
        if shared.registry.mayTellFailure(at: turn.now) {
            shared.logger.error(
                "accept failed: \(errorText(cause)); clients wait until a connection ends (raise the limit of open files)")
        }
        pauseAccepting()
        acceptsAgain = turn.now + .milliseconds(100)
    }

    private func waitForRoom() {
        if shared.registry.isFirstDelay() {
            shared.logger.warning(
                "client_limit (\(shared.registry.limit)) reached, client connections are being delayed")
        }
        pauseAccepting()
        acceptsAgain = nil
        shared.registry.whenThereIsRoom { [handle] in
            handle.post { loop, _ in loop.resumeAccepting() }
        }
    }

    private func pauseAccepting() {
        guard !acceptingIsPaused else { return }
        acceptingIsPaused = true
        for listener in listeners { handle.readiness.remove(listener.descriptor) }
    }

    func resumeAccepting() {
        acceptsAgain = nil
        guard acceptingIsPaused else { return }
        acceptingIsPaused = false
        for listener in listeners {
            // It was watched before, so the system knows how.
            try? watch(listener)
        }
    }

    private func watch(_ listener: LoopListener) throws(SystemFailure) {
        try handle.readiness.add(
            listener.descriptor, .readable, token: EventToken(listener: listener.number).rawValue)
    }
}
