extension ConnectionMachine {
    /// Whether a login that fails nowhere could be answered without this machine.
    package var allowsDirectLogins: Bool {
        guard case .ready = state, requests.isEmpty, !isDraining, seat == nil else { return false }
        return settings.penalties?.isEmpty ?? true
    }
}
