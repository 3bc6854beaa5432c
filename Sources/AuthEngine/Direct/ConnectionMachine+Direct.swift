internal import DovecotAuthProtocol

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
}
