internal import AuthEngine

/// Where a stream's bytes go.
protocol StreamSocket {
    /// Sends as much as there is room for.
    func send(_ bytes: Span<UInt8>) -> SendOutcome
}

enum SendOutcome: Equatable {
    /// So many bytes were taken, maybe none.
    case sent(Int)
    /// Nobody will ever read them.
    case peerIsGone
}

/// The bytes between a connection's socket and its protocol side: keeps what can't go on yet, in either direction.
///
/// After each event the owner calls ``settle(_:_:)``, which sends what is to be sent, and does what it says.
struct ConnectionStream: ~Copyable {
    /// What the owner has to do.
    struct Standing: Equatable {
        /// Whether to read. Not while too much waits for this server, or for the peer: its own socket is the queue then.
        var reads = false
        /// Whether to call ``settle(_:_:)`` again when the socket has room.
        var writes = false
        /// Whether the connection is over: nothing is left to be sent, or nobody to read it.
        var isOver = false
        /// Whether it will be over when what was said has left.
        var isEnding = false
    }

    let peer: any PeerConnection
    /// A line that has not come to its end yet, and whatever may not be taken yet.
    private var input = KeptBytes()
    private var unsent = KeptBytes()
    private var inputHasEnded = false
    /// Whether `input` may hold whole lines.
    private var mayHoldLines = false

    init(_ peer: any PeerConnection) {
        self.peer = peer
    }

    mutating func opened(_ turn: inout LoopTurn) {
        peer.opened(&turn)
    }

    /// Takes what was read. The owner wipes it.
    mutating func received(_ bytes: Span<UInt8>, _ turn: inout LoopTurn) {
        guard !peer.hasEnded else { return }
        guard input.isEmpty else {
            input.append(bytes)
            return offer(&turn)
        }
        let taken = peer.received(bytes, &turn)
        if taken < bytes.count { input.append(bytes.extracting(taken..<bytes.count)) }
        noteWhetherLinesAreHeld(turn)
    }

    /// The peer will send nothing more.
    mutating func inputEnded(_ turn: inout LoopTurn) {
        guard !inputHasEnded else { return }
        inputHasEnded = true
        peer.inputEnded(&turn)
    }

    /// Sends what had to wait for nothing (``mayWait(_:)``), and settles. The owner wipes it.
    mutating func settle(
        sending bytes: Span<UInt8>, _ turn: inout LoopTurn, _ socket: some StreamSocket
    ) -> Standing {
        send(bytes, socket) ? settle(&turn, socket) : Standing(isOver: true)
    }

    /// Takes lines that were held, if that is possible now, and sends what is to be sent.
    mutating func settle(_ turn: inout LoopTurn, _ socket: some StreamSocket) -> Standing {
        while true {
            if mayHoldLines, mayOffer { offer(&turn) }
            guard flush(&turn, socket) else { return Standing(isOver: true) }
            // They were held for the output's sake only, and that has left.
            guard mayHoldLines, mayOffer else { break }
        }
        if peer.hasEnded || peer.isDrained && !mayHoldLines {
            input.removeAll()
            return Standing(writes: !unsent.isEmpty, isOver: unsent.isEmpty, isEnding: true)
        }
        if unsent.isEmpty { peer.outputHasLeft(turn) }
        return Standing(reads: !inputHasEnded && mayOffer, writes: !unsent.isEmpty)
    }

    /// Whether all that is left to do is to send the turn's output, be it by ``settle(sending:_:_:)`` a little later.
    func mayWait(_ turn: borrowing LoopTurn) -> Bool {
        !turn.output.isEmpty && mayOffer && !mayHoldLines && !peer.isDrained && !inputHasEnded
    }

    private var mayOffer: Bool { unsent.isEmpty && !peer.hasEnded && peer.wantsInput }

    private mutating func offer(_ turn: inout LoopTurn) {
        input.removeFirst(input.withBytes { peer.received($0, &turn) })
        noteWhetherLinesAreHeld(turn)
    }

    private mutating func noteWhetherLinesAreHeld(_ turn: borrowing LoopTurn) {
        // A peer that would take more was left nothing but the beginning of a line.
        mayHoldLines = !input.isEmpty && !peer.hasEnded && !(peer.wantsInput && turn.hasRoom)
    }

    /// - Returns: false if nobody is there to read.
    private mutating func flush(_ turn: inout LoopTurn, _ socket: some StreamSocket) -> Bool {
        if unsent.isEmpty {
            guard !turn.output.isEmpty else { return true }
            defer { turn.wipeOutput() }
            return send(turn.output.span, socket)
        }
        unsent.append(turn.output.span)
        turn.wipeOutput()
        guard case .sent(let count) = unsent.withBytes({ socket.send($0) }) else { return false }
        unsent.removeFirst(count)
        return true
    }

    /// Sends, and keeps what the socket has no room for.
    ///
    /// - Returns: false if nobody is there to read.
    private mutating func send(_ bytes: Span<UInt8>, _ socket: some StreamSocket) -> Bool {
        guard case .sent(let count) = socket.send(bytes) else { return false }
        if count < bytes.count { unsent.append(bytes.extracting(count..<bytes.count)) }
        return true
    }
}
