public import DovecotAuthProtocol

/// A login process's place among those whose logins wait for mail processes.
public struct LoginSeat: Sendable {
    let registry: LoginRegistry
    /// What the login process was given in its greeting.
    public let cookie: ServerGreeting.Cookie
    /// What it said in CPID.
    var processID: UInt32?
    /// Not after the first time at which one of its logins will have waited too long.
    var deadline: Instant?

    public init(registry: LoginRegistry, cookie: ServerGreeting.Cookie) {
        self.registry = registry
        self.cookie = cookie
    }

    func forget(_ id: RequestID) {
        guard let processID else { return }
        registry.forget(id, of: processID)
    }
}
