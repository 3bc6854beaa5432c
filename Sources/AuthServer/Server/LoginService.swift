internal import AuthEngine
internal import DovecotAuthProtocol
internal import Glibc
internal import Logging
internal import SASLMechanisms
internal import Synchronization

/// What all connections share; a reload exchanges it under their feet.
final class LoginService: Sendable {
    /// What the debug log shows.
    struct DebugLog: Sendable {
        var isDebug = false
        var showsPasswords = false
    }

    /// All that a reload exchanges; it never changes itself.
    final class State: Sendable {
        let authenticator: Authenticator
        let desk: MasterDesk
        let logging: DebugLog
        /// By path.
        let listeners: [String: ServedListener]
        /// By path.
        let masterSockets: [String: MasterConnectionSettings]

        init(
            authenticator: Authenticator, desk: MasterDesk, logging: DebugLog, listeners: [String: ServedListener],
            masterSockets: [String: MasterConnectionSettings]
        ) {
            self.authenticator = authenticator
            self.desk = desk
            self.logging = logging
            self.listeners = listeners
            self.masterSockets = masterSockets
        }
    }

    /// For SPID; never 0, which clients refuse.
    static let processID = UInt32(max(1, getpid()))

    let logger: Logger
    /// Those of login sockets that wait for mail processes.
    let logins: LoginRegistry
    private let current: Mutex<State>
    private let randomness = Mutex(RandomReserve())

    init(_ state: State, logins: LoginRegistry, logger: Logger) {
        current = Mutex(state)
        self.logins = logins
        self.logger = logger
    }

    /// To be asked for once in each turn, and not kept: what it holds may be as large as all users.
    var state: State { current.withLock { $0 } }

    /// The cookie of a new connection.
    func drawCookie() -> ServerGreeting.Cookie { randomness.withLock { ServerGreeting.Cookie(using: &$0) } }

    func replace(_ new: State) {
        current.withLock { $0 = new }
    }
}

/// What the connections of one socket have in common; by reference, for there may be a connection a login.
final class ServedListener: Sendable {
    let settings: SharedConnectionSettings
    let greetingOrder: GreetingOrder
    let isForLogins: Bool
    /// Without the mechanisms that only clients of protocol 1.3 and later are told of.
    let greeting: GreetingTemplate
    /// For clients that deliver channel bindings.
    private let greetingOfAll: GreetingTemplate

    init(settings: ConnectionSettings, isForLogins: Bool = false) {
        var settings = settings
        // A login process says itself that somebody may not log in, and why.
        if isForLogins { settings.refusesNoLogin = false }
        self.settings = SharedConnectionSettings(settings)
        greetingOrder = settings.greeting
        self.isForLogins = isForLogins
        let mechanisms = settings.mechanisms.mechanisms.map { mechanism in
            ServerGreeting.Mechanism(name: mechanism.name, flags: MechanismFlags(mechanism.properties))
        }
        let version: ProtocolVersion = settings.greeting == .atConnect ? .current : .dovecot24
        let others = mechanisms.filter { !$0.flags.contains(.channelBinding) }
        greeting = GreetingTemplate(version: version, mechanisms: others, serverProcessID: LoginService.processID)
        // Behind all others, as in Dovecot 2.4, wherever they stand in the configuration.
        let binding = mechanisms.filter { $0.flags.contains(.channelBinding) }
        greetingOfAll = GreetingTemplate(
            version: version, mechanisms: others + binding, serverProcessID: LoginService.processID)
    }

    /// The greeting of clients that have said their VERSION already.
    func greeting(forMinorVersion minorVersion: UInt32) -> GreetingTemplate {
        minorVersion >= ProtocolVersion.channelBindingMinor ? greetingOfAll : greeting
    }
}

extension MechanismFlags {
    /// The words of MECH lines for what a mechanism protects from.
    init(_ properties: SecurityProperties) {
        self = []
        if properties.contains(.isPrivate) { insert(.isPrivate) }
        if properties.contains(.anonymous) { insert(.anonymous) }
        if properties.contains(.plaintext) { insert(.plaintext) }
        if properties.contains(.dictionary) { insert(.dictionary) }
        if properties.contains(.active) { insert(.active) }
        if properties.contains(.forwardSecrecy) { insert(.forwardSecrecy) }
        if properties.contains(.mutualAuthentication) { insert(.mutualAuthentication) }
        if properties.contains(.channelBinding) { insert(.channelBinding) }
    }
}
