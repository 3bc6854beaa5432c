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

    let logger: Logger
    /// Those of login sockets that wait for mail processes.
    let logins: LoginRegistry
    /// For SPID; never 0, which clients refuse.
    let processID = UInt32(max(1, getpid()))
    private let current: Mutex<State>

    init(_ state: State, logins: LoginRegistry, logger: Logger) {
        current = Mutex(state)
        self.logins = logins
        self.logger = logger
    }

    /// To be asked for once in each turn, and not kept: what it holds may be as large as all users.
    var state: State { current.withLock { $0 } }

    func replace(_ new: State) {
        current.withLock { $0 = new }
    }
}

/// What the connections of one socket have in common.
struct ServedListener: Sendable {
    let settings: ConnectionSettings
    let isForLogins: Bool
    /// For clients that deliver channel bindings.
    private let allMechanisms: [ServerGreeting.Mechanism]
    private let unboundMechanisms: [ServerGreeting.Mechanism]

    init(settings: ConnectionSettings, isForLogins: Bool = false) {
        var settings = settings
        // A login process says itself that somebody may not log in, and why.
        if isForLogins { settings.refusesNoLogin = false }
        self.settings = settings
        self.isForLogins = isForLogins
        allMechanisms = settings.mechanisms.mechanisms.map { mechanism in
            ServerGreeting.Mechanism(name: mechanism.name, flags: MechanismFlags(mechanism.properties))
        }
        unboundMechanisms = allMechanisms.filter { !$0.flags.contains(.channelBinding) }
    }

    /// The greeting of one connection, without the mechanisms that only clients of protocol 1.3 and later are told of.
    func greeting(processID: UInt32, connectionID: UInt32, cookie: ServerGreeting.Cookie) -> ServerGreeting {
        ServerGreeting(
            version: settings.greeting == .atConnect ? .current : .dovecot24, mechanisms: unboundMechanisms,
            serverProcessID: processID, connectionID: connectionID, cookie: cookie)
    }

    /// Writes what is said at connect.
    func encodeOpening(_ greeting: ServerGreeting, into bytes: inout [UInt8]) {
        switch settings.greeting {
        case .atConnect: greeting.encode(into: &bytes)
        case .afterVersion: ServerGreeting.encodeVersion(greeting.version, into: &bytes)
        }
    }

    /// Writes what is said after the client's VERSION, if not everything was said at connect.
    func encodeRest(_ greeting: ServerGreeting, minorVersion: UInt32, into bytes: inout [UInt8]) {
        var greeting = greeting
        if minorVersion >= ProtocolVersion.channelBindingMinor { greeting.mechanisms = allMechanisms }
        greeting.encodeRest(into: &bytes)
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
