internal import CPlatform
package import AuthEngine

/// What a listening socket's connections speak.
package protocol ConnectionKind: Sendable {
    /// The protocol side of a connection that has just been accepted; nil to hang up at once.
    func makeConnection(_ arrival: ArrivedPeer, at now: Instant) -> (any PeerConnection)?
}

/// A peer that has just connected.
package struct ArrivedPeer {
    private let descriptor: Int32
    /// Counts the server's connections: never 0, unique until it wraps around.
    package let number: UInt32

    package init(descriptor: Int32, number: UInt32) {
        self.descriptor = descriptor
        self.number = number
    }

    /// Who connected, as the kernel saw it then; nil if it doesn't say.
    package var credentials: PeerCredentials? {
        var credentials = PeerCredentials(processID: 0, userID: 0, groupID: 0)
        // The fields are filled during the call.
        let status = unsafe gatepost_peer_credentials(
            descriptor, &credentials.processID, &credentials.userID, &credentials.groupID)
        return status == 0 ? credentials : nil
    }
}

/// A process at the other end of a Unix socket (`SO_PEERCRED`).
package struct PeerCredentials: Hashable, Sendable {
    package var processID: Int32
    package var userID: UInt32
    package var groupID: UInt32
}
