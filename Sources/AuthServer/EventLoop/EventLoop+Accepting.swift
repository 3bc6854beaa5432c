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
}

extension EventLoop {
    static let largestBudget = 16

    /// Accepts from a socket, beside the other loops.
    func add(_ listener: LoopListener) throws(SystemFailure) {
        listeners.append(listener)
        if !acceptingIsPaused { try watch(listener) }
    }

    /// Accepts from it no longer; the caller closes it when no loop does.
    func removeListener(_ number: Int) {
        guard let index = listeners.firstIndex(where: { $0.number == number }) else { return }
        handle.readiness.remove(listeners.remove(at: index).descriptor)
    }

    func accept(_ number: Int, _ turn: inout LoopTurn) {
        guard let index = listeners.firstIndex(where: { $0.number == number }) else { return }
        let listener = listeners[index]
        let (descriptor, kind, budget) = (listener.descriptor, listener.kind, listener.budget)
        for _ in 0..<budget {
            let admission = shared.registry.admit()
            guard admission != .refused else { return waitForRoom() }
            let accepted = gatepost_accept(descriptor)
            guard accepted >= 0 else {
                let cause = errno
                shared.registry.release()
                listeners[index].budget = 1
                return acceptFailed(cause, turn)
            }
            place(ConnectedSocket(descriptor: accepted), kind, &turn)
            if admission == .last { return waitForRoom() }
        }
        listeners[index].budget = min(2 * budget, Self.largestBudget)
    }

    /// Gives a new connection to the loop that has the fewest, if that has clearly fewer than this one.
    private func place(_ socket: ConnectedSocket, _ kind: any ConnectionKind, _ turn: inout LoopTurn) {
        let target = shared.lightest(beside: handle)
        target.addConnection()
        if target !== handle {
            guard !target.post({ loop, turn in loop.adopt(socket, kind, &turn) }) else { return }
            target.removeConnection()
            handle.addConnection()
        }
        adopt(socket, kind, &turn)
    }

    private func acceptFailed(_ cause: Int32, _ turn: borrowing LoopTurn) {
        switch cause {
        case EAGAIN, EINTR, ECONNABORTED:
            return
        default:
            // EMFILE and its like. The socket stays readable, and asking at once again would only keep the loop busy.
            if shared.registry.mayTellFailure(at: turn.now) {
                shared.logger.error(
                    "accept failed: \(errorText(cause)); clients wait until a connection ends (raise the limit of open files)")
            }
            pauseAccepting()
            acceptsAgain = turn.now + .milliseconds(100)
        }
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
            listener.descriptor, [.readable, .alone], token: EventToken(listener: listener.number).rawValue)
    }
}
