internal import DovecotAuthProtocol
public import NIOCore
internal import NIOPosix

/// Stands in for a server: follows a transcript, and says where the client first went another way.
public enum FakeAuthServer {
    /// Serves one transcript while `body` runs a client against it.
    ///
    /// The socket lives in a directory of its own, which is gone afterwards.
    ///
    /// - Parameters:
    ///   - patience: how long to wait for each line of the client.
    ///   - body: gets the path of a Unix socket.
    /// - Throws: ``TranscriptDifference`` if the client did not keep to the transcript; else what `body` throws.
    public static func serve<Outcome: Sendable>(
        _ transcript: Transcript, patience: Duration = .seconds(10), eventLoopGroup: (any EventLoopGroup)? = nil,
        to body: @Sendable (String) async throws -> Outcome
    ) async throws -> Outcome {
        let group = eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = directory.path + "/auth"
        let (connections, arrivals) = AsyncStream.makeStream(of: LineConnection.self)
        // All on one loop: on several, a client's second connection may be set up before its first.
        let listener = try await ServerBootstrap(group: group.next())
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    arrivals.yield(try LineConnection.install(in: channel))
                }
            }
            .bind(unixDomainSocketPath: path).get()
        let script = Script(transcript: transcript, patience: patience)
        let result: Result<Outcome, any Error>
        async let following = script.result(connections)
        do {
            result = .success(try await body(path))
        } catch {
            result = .failure(error)
            // The client gave up: don't wait for the rest of its lines.
            arrivals.finish()
        }
        let followed = await following
        arrivals.finish()
        try? await listener.close().get()
        // Where the client left the transcript explains its own error, so it comes first.
        if case .failure(let difference as TranscriptDifference) = followed, !script.wasAbandoned(difference, result) {
            throw difference
        }
        let outcome = try result.get()
        try followed.get()
        return outcome
    }

    /// The connections of the client, one after the other.
    private struct Accepted {
        private var arrivals: AsyncStream<LineConnection>.Iterator
        private var connection: LineConnection?

        init(_ connections: AsyncStream<LineConnection>) { arrivals = connections.makeAsyncIterator() }

        mutating func forget() { connection = nil }

        mutating func current() async -> LineConnection? {
            if connection == nil { connection = await arrivals.next(isolation: #isolation) }
            return connection
        }
    }

    private struct Script {
        let transcript: Transcript
        let patience: Duration

        /// A client that failed on its own closed the connection, and that is all the difference there is.
        func wasAbandoned(_ difference: TranscriptDifference, _ result: Result<some Any, any Error>) -> Bool {
            if case .failure = result { difference.actual == "C-close" || difference.actual == "no connection" } else {
                false
            }
        }

        func result(_ connections: AsyncStream<LineConnection>) async -> Result<Void, any Error> {
            do {
                return .success(try await follow(connections))
            } catch {
                return .failure(error)
            }
        }

        private func follow(_ connections: AsyncStream<LineConnection>) async throws {
            var accepted = Accepted(connections)
            var conversation = Conversation(transcript)
            var delay: Duration = .zero
            for step in transcript.steps {
                if case .clientConnect = step.event {
                    accepted.forget()
                    continue
                }
                guard let connection = await accepted.current() else {
                    throw conversation.difference(step, expected: "a connection", actual: "no connection")
                }
                switch step.event {
                case .clientFlush, .clientConnect: break
                case .clientLine(let pattern):
                    let arrival = try await connection.next(within: patience)
                    guard case .line(let line) = arrival, pattern.matches(line) else {
                        throw conversation.difference(step, "C", expected: pattern, arrival, within: patience)
                    }
                    conversation.note("C", line)
                case .clientClose:
                    let arrival = try await connection.next(within: patience)
                    guard arrival == .closed else {
                        throw conversation.difference(
                            step, "C", expected: LinePattern(pieces: [], description: "end of the connection"), arrival,
                            within: patience)
                    }
                    conversation.note("C-close")
                case .serverDelay(let range): delay = range.lowerBound
                case .serverSilence(let duration): delay = duration
                case .serverLine(let pattern), .serverLineInAnyOrder(let pattern):
                    try await send(pattern.example + [UInt8(ascii: "\n")], to: connection, after: delay)
                    delay = .zero
                    conversation.note("S", pattern.example)
                case .serverGreeting(let mechanisms):
                    try await send(Self.greeting(mechanisms), to: connection, after: delay)
                    delay = .zero
                    conversation.note("S-greeting")
                case .serverClose:
                    await connection.close()
                    conversation.note("S-close")
                }
            }
        }

        private func send(_ bytes: [UInt8], to connection: LineConnection, after delay: Duration) async throws {
            if delay > .zero { try await Task.sleep(for: delay) }
            // A client that is gone is noticed when its next line is missing.
            try? await connection.write(bytes)
        }

        private static func greeting(_ names: [String]) -> [UInt8] {
            // A transcript that asks for no mechanism still needs a greeting that clients take.
            let mechanisms = (names.isEmpty ? ["PLAIN", "LOGIN"] : names).map { name in
                ServerGreeting.Mechanism(name: name, flags: ["PLAIN", "LOGIN"].contains(name) ? .plaintext : [])
            }
            var bytes: [UInt8] = []
            ServerGreeting(
                mechanisms: mechanisms, serverProcessID: 4711, connectionID: 1,
                cookie: ServerGreeting.Cookie(high: 1, low: 2)
            ).encode(into: &bytes)
            return bytes
        }
    }
}
