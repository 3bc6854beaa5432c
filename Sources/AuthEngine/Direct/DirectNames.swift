internal import AuthDatabases
internal import SASLMechanisms

/// What a listener asks of a login for it to be direct: by which mechanisms, and which names nothing is done to.
package final class DirectNames: Sendable {
    private let offersPlain: Bool
    private let offersLogin: Bool
    private let usernames: UsernamePolicy
    private let anonymousUser: [UInt8]

    /// - Returns: nil if rules of this listener look at every login.
    init?(_ settings: ConnectionSettings) {
        offersPlain = settings.mechanisms["PLAIN"]?.direct == .plain
        offersLogin = settings.mechanisms["LOGIN"]?.direct == .login
        guard offersPlain || offersLogin, settings.protocols.isUniform, settings.usernames.keepsPlainNames,
            !settings.requiresClientCertificate, !settings.takesCertificateName
        else { return nil }
        usernames = settings.usernames
        anonymousUser = Array((settings.anonymousUser ?? "").utf8)
    }

    func offers(_ mechanism: DirectMechanism) -> Bool {
        switch mechanism {
        case .plain: offersPlain
        case .login: offersLogin
        }
    }

    /// Whether a name is looked up and comes back as it is.
    func isPlain(_ name: Span<UInt8>) -> Bool {
        guard usernames.isPlain(name) else { return false }
        guard name.count == anonymousUser.count else { return true }
        for index in name.indices where name[index] != anonymousUser[index] { return true }
        // Its reply says so.
        return false
    }
}
