internal import Glibc
internal import Synchronization

/// The account that this process runs as, for whoever has to give it rights.
enum ProcessAccount {
    private static let known = Mutex<SystemUser?>(nil)

    /// `user nobody (id 65534)`, or `user id 65534` if the name isn't known.
    ///
    /// - Parameter asking: whether the name service may be waited for; otherwise the name is known if it was asked before.
    static func text(asking: Bool) -> String {
        let number = geteuid()
        if let account = known.withLock({ $0 }), account.userID == number { return text(account) }
        guard asking, let account = try? SystemUser(userID: number) else { return "user id \(number)" }
        known.withLock { $0 = account }
        return text(account)
    }

    private static func text(_ account: SystemUser) -> String { "user \(account.name) (id \(account.userID))" }
}
