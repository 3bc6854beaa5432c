import DovecotAuthProtocol

/// A server's line; a reply that can be read is written as a line that every client can read, and that reads the same
/// once more.
enum ServerLineTarget {
    static func run(_ input: Span<UInt8>) {
        guard let parsed = try? ServerLine(parsing: input), case .reply(let reply) = parsed else { return }
        let once = written(reply)
        guard let first = try? ServerLine(parsing: once.span), case .reply(let again) = first else {
            // A reply whose user is empty is written without one.
            if case .success(_, let user, _) = reply, user.isEmpty { return }
            fatalError("a reply that we wrote can't be read: \(once.text)")
        }
        demand(written(again) == once, "a reply changes when it is written again: \(once.text)")
    }

    private static func written(_ reply: ServerReply) -> [UInt8] {
        var line: [UInt8] = []
        reply.encode(into: &line)
        demand(line.last == UInt8(ascii: "\n"), "a reply without a line end")
        let body = line.dropLast()
        demand(!body.contains(UInt8(ascii: "\n")), "a reply of two lines")
        switch reply {
        case .challenge, .bindingChallenge: break
        case .success, .failure, .cancelled:
            demand(line.count <= ProtocolLimits.longestReply, "a reply that is too long")
        }
        return Array(body)
    }
}
