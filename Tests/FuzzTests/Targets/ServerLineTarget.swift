import DovecotAuthProtocol

/// A server's line; a reply that can be read is written as a line that every client can read, and that reads the same
/// once more.
enum ServerLineTarget {
    static func run(_ input: Span<UInt8>) throws(BrokenRule) {
        guard let parsed = try? ServerLine(parsing: input), case .reply(let reply) = parsed else { return }
        let once = try written(reply)
        guard let first = try? ServerLine(parsing: once.span), case .reply(let again) = first else {
            // A reply whose user is empty is written without one.
            if case .success(_, let user, _) = reply, user.isEmpty { return }
            throw BrokenRule("a reply that we wrote can't be read: \(once.text)")
        }
        try demand(try written(again) == once, "a reply changes when it is written again: \(once.text)")
    }

    private static func written(_ reply: ServerReply) throws(BrokenRule) -> [UInt8] {
        var line: [UInt8] = []
        reply.encode(into: &line)
        try demand(line.last == UInt8(ascii: "\n"), "a reply without a line end")
        let body = line.dropLast()
        try demand(!body.contains(UInt8(ascii: "\n")), "a reply of two lines")
        switch reply {
        case .challenge, .bindingChallenge: break
        case .success, .failure, .cancelled:
            try demand(line.count <= ProtocolLimits.longestReply, "a reply that is too long")
        }
        return Array(body)
    }
}
