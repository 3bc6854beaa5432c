internal import AuthEngine
internal import AuthServer
internal import DovecotConfiguration
internal import Glibc

extension ServerPlan {
    /// The sockets that the configuration names, with what their peers speak.
    static func listeners(_ configuration: AuthConfiguration) throws(DaemonError) -> [Listener] {
        var listeners: [Listener] = []
        for listener in configuration.listeners {
            let kind: AuthServer.Listener.Kind
            switch listener.kind {
            case .client: kind = .client
            case .userdb: kind = .userdb
            case .master: kind = .master
            case .login: kind = .login
            case .token:
                throw DaemonError(
                    inConfiguration: "\(listener.location): unix_listener \(listener.path) would speak Dovecot's "
                        + "\(listener.kind) protocol, which Gatepost doesn't have; leave it out, or give the socket another name "
                        + "(what stands behind its last '-' decides) or type")
            }
            listeners.append(
                Listener(
                    address: .init(
                        path: listener.path, mode: listener.mode, user: owner(listener), group: listener.group),
                    kind: kind, temporaryFailure: TemporaryFailurePolicy(listener.temporaryFailure),
                    greeting: listener.greeting == .version ? .afterVersion : .atConnect, location: listener.location))
        }
        return listeners
    }

    /// Dovecot's own sockets belong to the account of the service, which an unprivileged server already is, and which
    /// needn't exist for a trial.
    private static func owner(_ listener: UnixListener) -> String? {
        guard listener.user == AuthConfiguration.defaultAccount else { return listener.user }
        return geteuid() == 0 && SystemAccounts.userID(named: AuthConfiguration.defaultAccount) != nil ? listener.user : nil
    }

    /// Does something for a listener's socket; what its settings ask for and can't be had is told with their place.
    static func forSocket(
        of listener: Listener, _ body: (ListeningSocket.Address) throws(ListeningError) -> ListeningSocket
    ) throws -> ListeningSocket {
        do throws(ListeningError) {
            return try body(listener.address)
        } catch {
            switch error.code {
            case .pathTooLong, .unknownUser, .unknownGroup:
                throw DaemonError(inConfiguration: "\(listener.location): \(error)")
            case .missingDirectory, .notASocket, .inUse, .permissionDenied, .system:
                throw error
            }
        }
    }

    /// Makes base_dir, and directories in it for sockets, if they aren't there; as Dovecot does.
    func makeSocketDirectories() throws(DaemonError) {
        for listener in listeners {
            guard listener.address.path.hasPrefix(baseDirectory + "/") else { continue }
            var directory = baseDirectory
            try Self.makeDirectory(directory)
            for part in listener.address.path.dropFirst(baseDirectory.count + 1).split(separator: "/").dropLast() {
                directory += "/" + part
                try Self.makeDirectory(directory)
            }
        }
    }

    private static func makeDirectory(_ path: String) throws(DaemonError) {
        guard unsafe mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        throw DaemonError(
            "mkdir(\(path)) failed: \(unsafe String(cString: strerror(errno))); create it for the sockets in base_dir, or "
                + "set base_dir to a directory that this user may write to")
    }
}
