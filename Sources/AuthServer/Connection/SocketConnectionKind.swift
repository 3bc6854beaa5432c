internal import AuthEngine
internal import Glibc
internal import Logging

/// Makes the connections of a socket, of whatever kind the configuration says that it is.
final class SocketConnectionKind: ConnectionKind {
    private let service: LoginService
    /// By which the service knows the socket's settings, which a reload may change.
    private let path: String

    init(service: LoginService, path: String) {
        self.service = service
        self.path = path
    }

    func makeConnection(_ arrival: ArrivedPeer, at now: Instant) -> (any PeerConnection)? {
        let state = service.state
        if let listener = state.listeners[path] {
            return ClientConnection(
                service: service, listener: listener, number: arrival.number,
                logins: listener.isForLogins ? service.logins : nil, at: now)
        }
        guard let settings = state.masterSockets[path] else { return nil }
        return masterConnection(settings, arrival, at: now)
    }

    private func masterConnection(
        _ settings: MasterConnectionSettings, _ arrival: ArrivedPeer, at now: Instant
    ) -> MasterConnection? {
        guard let peer = arrival.credentials else {
            service.logger.error("\(path): the kernel doesn't say who has connected, disconnecting")
            return nil
        }
        var settings = settings
        settings.peerProcessID = peer.processID > 0 ? UInt32(peer.processID) : nil
        // A socket whose file is gone meanwhile tells nothing of who may see what.
        if settings.kind == .userdb, SocketOwner(path: path)?.restricts(peer) ?? true {
            settings.restrictedUserID = peer.userID
        }
        return MasterConnection(service: service, settings: settings, at: now)
    }
}

/// Whose a socket's file is: Dovecot restricts strangers on one that is open to all by its mode.
struct SocketOwner: Hashable {
    var mode: UInt32
    var userID: UInt32
    var groupID: UInt32

    init(mode: UInt32, userID: UInt32, groupID: UInt32) {
        self.mode = mode
        self.userID = userID
        self.groupID = groupID
    }

    /// Nil if the file is gone.
    init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(mode: status.st_mode & 0o777, userID: status.st_uid, groupID: status.st_gid)
    }

    /// Whether a peer may only see its own record. Any other mode says that whoever can connect may see all.
    func restricts(_ peer: PeerCredentials) -> Bool {
        mode == 0o666 && peer.userID != userID && peer.groupID != groupID
    }
}
