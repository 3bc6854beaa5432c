public import NIOCore
internal import NIOPosix

/// Plays the client's side of transcripts against a server, and says where the server first went another way.
public struct TranscriptClient: Sendable {
    private let address: SocketAddress
    private let patience: Duration
    private let group: any EventLoopGroup

    /// - Parameters:
    ///   - address: where the server listens, such as `try SocketAddress(unixDomainSocketPath: path)`.
    ///   - patience: how long to wait for each line of the server.
    public init(
        connectingTo address: SocketAddress, patience: Duration = .seconds(10),
        eventLoopGroup: (any EventLoopGroup)? = nil
    ) {
        self.address = address
        self.patience = patience
        group = eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton
    }

    /// Plays all of it.
    ///
    /// - Throws: ``TranscriptDifference`` at the first difference; what NIO throws if there is no connection.
    public func play(_ transcript: Transcript) async throws {
        var connection = try await connect()
        do {
            try await play(transcript, &connection)
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }

    private func connect() async throws -> LineConnection {
        try await ClientBootstrap(group: group).connectTimeout(TimeAmount(patience)).connect(to: address) { channel in
            channel.eventLoop.makeCompletedFuture { try LineConnection.install(in: channel) }
        }
    }

    private func play(_ transcript: Transcript, _ connection: inout LineConnection) async throws {
        var conversation = Conversation(transcript)
        var output: [UInt8] = []
        var lastWrite = ContinuousClock.now
        var delay: ClosedRange<Duration>?
        var unordered: [(step: Transcript.Step, pattern: LinePattern)] = []

        for (index, step) in transcript.steps.enumerated() {
            if case .clientLine(let pattern) = step.event {
                output += pattern.example + [UInt8(ascii: "\n")]
                conversation.note("C", pattern.example)
                continue
            }
            if !output.isEmpty {
                // A server that has closed already is noticed by the next step that reads.
                try? await connection.write(output)
                output = []
                lastWrite = .now
            }
            switch step.event {
            case .clientLine, .clientFlush: break
            case .clientClose:
                await connection.close()
                conversation.note("C-close")
            case .clientConnect:
                await connection.close()
                connection = try await connect()
                conversation.note("C-connect")
            case .serverDelay(let range): delay = range
            case .serverLine(let pattern):
                let limit = delay?.upperBound ?? patience
                let arrival = try await connection.next(within: limit)
                guard case .line(let line) = arrival, pattern.matches(line) else {
                    throw conversation.difference(step, "S", expected: pattern, arrival, within: limit)
                }
                conversation.note("S", line)
                let elapsed = ContinuousClock.now - lastWrite
                if let range = delay, !range.contains(elapsed) {
                    throw conversation.difference(
                        step, expected: "the line above \(range.lowerBound) to \(range.upperBound) after the request",
                        actual: "\(elapsed)")
                }
                delay = nil
            case .serverLineInAnyOrder(let pattern):
                unordered.append((step, pattern))
                // The whole run is known at its last line.
                if case .serverLineInAnyOrder? = transcript.steps.dropFirst(index + 1).first?.event { continue }
                while !unordered.isEmpty {
                    let arrival = try await connection.next(within: patience)
                    guard case .line(let line) = arrival,
                        let found = unordered.firstIndex(where: { $0.pattern.matches(line) })
                    else {
                        throw conversation.difference(
                            unordered[0].step, "S", expected: unordered[0].pattern, arrival, within: patience)
                    }
                    conversation.note("S", line)
                    unordered.remove(at: found)
                }
            case .serverGreeting(let mechanisms):
                try await readGreeting(step, offering: mechanisms, connection, &conversation)
            case .serverSilence(let duration):
                let arrival = try await connection.next(within: duration)
                if arrival != .nothingInTime {
                    throw conversation.difference(
                        step, "S", expected: LinePattern(pieces: [], description: "nothing"), arrival, within: duration)
                }
            case .serverClose:
                let arrival = try await connection.next(within: patience)
                if arrival != .closed {
                    throw conversation.difference(
                        step, "S", expected: LinePattern(pieces: [], description: "end of the connection"), arrival,
                        within: patience)
                }
                conversation.note("S-close")
            }
        }
        if !output.isEmpty { try await connection.write(output) }
    }

    private func readGreeting(
        _ step: Transcript.Step, offering mechanisms: [String], _ connection: LineConnection,
        _ conversation: inout Conversation
    ) async throws {
        var greeting = GreetingCheck(mechanisms: mechanisms)
        while true {
            let arrival = try await connection.next(within: patience)
            guard case .line(let line) = arrival else {
                throw conversation.difference(
                    step, "S", expected: LinePattern(pieces: [], description: "a greeting that ends in DONE"), arrival,
                    within: patience)
            }
            switch greeting.next(line) {
            case .more: conversation.note("S", line)
            case .complete:
                conversation.note("S", line)
                return
            case .wrong(let expected):
                throw conversation.difference(
                    step, expected: "S: \(expected)", actual: "S: \(LinePattern.visible(line))")
            }
        }
    }
}
