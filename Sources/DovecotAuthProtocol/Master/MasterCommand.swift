/// One line of a peer on a userdb or master socket, parsed.
public enum MasterCommand: Hashable, Sendable {
    /// `VERSION⇥1⇥1`, of this protocol's major version; whatever follows that doesn't matter.
    case version
    /// `USER⇥id⇥name⇥service=…`: where is this user's mail?
    case user(LookupRequest)
    /// `PASS⇥id⇥name⇥service=…`: what do the password databases have, but for the password?
    case password(LookupRequest)
    /// `LIST⇥id⇥user=mask`: who is there? An empty mask is everybody.
    case list(id: UInt32, mask: String)
    /// `REQUEST⇥id⇥cpid⇥id⇥cookie⇥…`; master sockets only.
    case claim(LoginClaim)
    /// `CACHE-FLUSH⇥id⇥user…`: forget these users, or everybody; master sockets only. The id may be any word.
    case flushCache(id: String, users: [String])

    /// The line's first word, for the log.
    public var word: String {
        switch self {
        case .version: "VERSION"
        case .user: "USER"
        case .password: "PASS"
        case .list: "LIST"
        case .claim: "REQUEST"
        case .flushCache: "CACHE-FLUSH"
        }
    }
}

/// Why a line of such a peer is no command; the connection must end.
public enum MasterCommandFault: Error, Hashable, Sendable {
    case unknownCommand(String)
    case incompatibleVersion
    /// The command's own fields can't be read.
    case broken(String)
    case missingService(String)
}
