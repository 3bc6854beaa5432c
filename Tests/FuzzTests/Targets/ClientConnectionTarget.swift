import DovecotAuthProtocol

@testable import AuthClient

/// Our side of a connection to a server that may send anything, with requests in flight.
///
/// Lines go to the machine as they are, but for those that begin with `!`: what happens on this side.
enum ClientConnectionTarget {
    static func run(_ input: Span<UInt8>) throws(BrokenRule) {
        var machine = ClientConnectionMachine()
        var open: Set<RequestID> = []
        var isClosed = false
        func ended(_ ids: [RequestID]) throws(BrokenRule) {
            try demand(Set(ids) == open && ids.count == open.count, "the end forgets a request or invents one")
            try demand(!isClosed, "a connection that ends twice")
            open = []
            isClosed = true
        }
        func over(_ id: RequestID) throws(BrokenRule) {
            try demand(open.remove(id) != nil, "a request that ends twice, or never began")
        }
        func finish(_ end: ClientConnectionMachine.OnEnd) throws(BrokenRule) {
            if case .fail(let fault, let ids) = end {
                _ = fault.error(at: "/run/auth").description
                try ended(ids)
            }
        }
        for line in input.array.lines {
            switch line.text {
            case "!begin":
                switch machine.begin() {
                case .send(let id): try demand(!isClosed && open.insert(id).inserted, "an id that is in use")
                case .refuse: break
                }
            case "!abandon":
                if let id = open.min(), machine.abandoned(id) == .sendCancel { open.remove(id) }
            case "!end": try finish(machine.disconnected())
            case "!late": try finish(machine.handshakeDeadlinePassed())
            case "!long": try finish(machine.receivedTooLongLine())
            case "!close": try finish(machine.close())
            default:
                switch machine.received(Array(line).span) {
                case .ignore: break
                case .ready(let server):
                    try demand(!isClosed && !server.mechanisms.isEmpty, "a greeting without mechanisms")
                case .challenge(let id, _), .bindingChallenge(let id, _, _): try demand(open.contains(id), "a challenge for nobody")
                case .finish(let id, _), .namelessSuccess(let id): try over(id)
                case .fail(let fault, let ids):
                    _ = fault.error(at: "/run/auth").description
                    try ended(ids)
                }
            }
        }
    }
}
