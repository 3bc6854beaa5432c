public import DovecotAuthProtocol

/// What the owner of a ``ConnectionMachine`` has to do after an event.
public enum ConnectionAction: Hashable, Sendable {
    case nothing
    /// Send it.
    case reply(ServerReply)
    /// Send the rest of the greeting to a client of this minor version (``GreetingOrder/afterVersion``).
    case greet(minorVersion: UInt32)
    /// Take the question with ``ConnectionMachine/takeCheck()``, have it answered, and report with
    /// ``ConnectionMachine/checked(_:_:at:)``.
    case check(CheckTicket)
    /// Send what was replied so far, then close.
    case close
}

/// Names one question of one request; a late answer to a question that nobody asks any more is recognised by it.
public struct CheckTicket: Hashable, Sendable {
    public let id: RequestID
    /// Counts the questions of the connection.
    public let serial: UInt64
}
