internal import DovecotAuthProtocol
internal import Secrets

extension ConnectionMachine {
    /// Whether a login that fails nowhere could be answered without this machine.
    package var allowsDirectLogins: Bool {
        guard case .ready = state else { return false }
        return requests.isEmpty && !isDraining && seat == nil
    }

    /// Whether the penalties have nothing to do with a login that succeeds, see ``admit(_:at:)`` and
    /// ``recordSuccess(_:at:)``: neither does it wait, nor does its success change what is known of its address.
    ///
    /// - Parameters:
    ///   - line: the whole AUTH line.
    ///   - address: the value of its only `rip=`; an empty place if there is none. `no-penalty` may stand beside it: what
    ///     its address deserves is then for the machine to overlook.
    func admitsAtOnce(_ line: Span<UInt8>, from address: Range<Int>, at now: Instant) -> Bool {
        guard let penalties = settings.penalties, !penalties.isEmpty else { return true }
        // As for requests: what is no address has no penalty.
        guard let text = line.address(address), let address = PenaltyAddress(text) else { return true }
        return !penalties.knows(address, at: now)
    }

    // MARK: Dialogues

    /// Whether the next line may go on with a login of which this machine has not heard yet.
    package var isInDialogue: Bool { dialogue != nil }

    /// Waits for a dialogue's next message as for that of a request.
    mutating func keep(_ dialogue: DirectDialogue) {
        let limit = deadline(of: dialogue)
        earliestDeadline = min(earliestDeadline ?? limit, limit)
        self.dialogue = dialogue
    }

    func deadline(of dialogue: borrowing DirectDialogue) -> Instant { dialogue.heardAt + settings.exchangeTimeout }

    /// What was answered at once needs no timer.
    mutating func dialogueSucceeded() { earliestDeadline = nil }

    /// Makes a request of the dialogue, as if each message had come here: what follows is special.
    ///
    /// There is nothing to be said, since that was; and the penalties have left its name alone when it came.
    mutating func hearDialogue() {
        guard let dialogue = dialogue.take() else { return }
        dialogue.withParts { line, _, name in
            _ = hear(line, at: dialogue.beganAt)
            guard !name.isEmpty, let exchange = requests.values.last else { return }
            if dialogue.wasAdmitted, let address = penalisedAddress(exchange) {
                exchange.standing = .init(address: address, points: 0, notBefore: dialogue.heardAt)
            }
            _ = take(Secret(copying: name), of: exchange, at: dialogue.heardAt)
        }
    }

    /// Whether any address has a penalty.
    var knowsPenalties: Bool {
        guard let penalties = settings.penalties else { return false }
        return !penalties.isEmpty
    }
}
