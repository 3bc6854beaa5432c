internal import DovecotAuthProtocol
internal import Secrets

/// What only looks changes nothing either, but is reached by its address, see ``ConnectionMachine/standing()``.
extension ConnectionMachine {
    /// Whether a login that fails nowhere could be answered without this machine.
    package mutating func allowsDirectLogins() -> Bool {
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
    mutating func admitsAtOnce(_ line: Span<UInt8>, from address: Range<Int>, at now: Instant) -> Bool {
        guard let penalties = settings.penalties, !penalties.isEmpty else { return true }
        // As for requests: what is no address has no penalty.
        guard let text = line.address(address), let address = PenaltyAddress(text) else { return true }
        return !penalties.knows(address, at: now)
    }

    // MARK: Dialogues

    /// Whether the next line may go on with a login of which this machine has not heard yet.
    package mutating func isInDialogue() -> Bool { dialogue != nil }

    /// Waits for a dialogue's next message as for that of a request.
    mutating func keep(_ dialogue: consuming DirectDialogue) {
        let limit = dialogue.heardAt + settings.exchangeTimeout
        earliestDeadline = min(earliestDeadline ?? limit, limit)
        self.dialogue = consume dialogue
    }

    /// When a dialogue is given up that has not gone on; nil if there is none.
    mutating func dialogueDeadline() -> Instant? {
        switch dialogue {
        case .some(let dialogue): dialogue.heardAt + settings.exchangeTimeout
        case .none: nil
        }
    }

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
    mutating func knowsPenalties() -> Bool {
        guard let penalties = settings.penalties else { return false }
        return !penalties.isEmpty
    }
}
