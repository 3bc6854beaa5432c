import AuthFixtures
import NIOCore
import Testing

@Suite("Players", .timeLimit(.minutes(1)))
struct PlayingTests {
    private func parse(_ text: String, _ name: String = "t") throws -> Transcript {
        try Transcript(parsing: text, name: name)
    }

    private func play(_ client: String, against server: String, patience: Duration = .seconds(5)) async throws {
        let client = try parse(client, "client")
        try await FakeAuthServer.serve(parse(server, "server"), patience: patience) { path in
            let address = try SocketAddress(unixDomainSocketPath: path)
            try await TranscriptClient(connectingTo: address, patience: patience).play(client)
        }
    }

    @Test("Client and server following the same transcript agree")
    func bothSides() async throws {
        let transcripts =
            try Transcript.realClients() + Transcript.channelBindingClients() + [Transcript.channelBindingLogin()]
        for transcript in transcripts where transcript.name != "unreadable.transcript" {
            try await FakeAuthServer.serve(transcript) { path in
                let address = try SocketAddress(unixDomainSocketPath: path)
                try await TranscriptClient(connectingTo: address).play(transcript)
            }
        }
    }

    @Test("The client's player names the first line that differs, and what came before")
    func clientDifference() async throws {
        let server = "C: HELLO⇥{number}\nS: OK⇥2⇥user=x\nC-close"
        let error = await #expect(throws: TranscriptDifference.self) {
            try await play("C: HELLO⇥1\nS: OK⇥1{any}\nC-close", against: server)
        }
        #expect(error?.file == "client")
        #expect(error?.line == 2)
        #expect(error?.expected == "S: OK⇥1{any}")
        #expect(error?.actual == "S: OK⇥2⇥user=x")
        #expect(error?.conversation == ["C: HELLO⇥1"])
        #expect(error?.description.hasPrefix("client:2: the conversation differs from the transcript\n") == true)
    }

    @Test("The server's player does the same, and its difference explains the client's error")
    func serverDifference() async throws {
        let error = await #expect(throws: TranscriptDifference.self) {
            try await play("C: HELLO\nS: OK", against: "C: HELO\nS: OK")
        }
        #expect(error?.file == "server")
        #expect(error?.line == 1)
        #expect(error?.expected == "C: HELO")
        #expect(error?.actual == "C: HELLO")
    }

    @Test("An unexpected end, a missing end, and a stray line are differences", arguments: [
        ("S: A\nS: B", "S: A\nS-close", 2, "S-close"), ("S: A\nS-close", "S: A\nS: B\nC-close", 2, "S: B"),
        ("S: A\nS-silence 4s", "S: A\nS: B\nC-close", 2, "S: B"), ("S: A\nS: B", "S: A\nC-close", 2, nil),
    ] as [(String, String, Int, String?)])
    func ends(_ client: String, _ server: String, _ line: Int, _ actual: String?) async {
        let error = await #expect(throws: TranscriptDifference.self) {
            // Only the case in which nothing comes has to wait.
            try await play(client, against: server, patience: actual == nil ? .milliseconds(800) : .seconds(5))
        }
        #expect(error?.line == line)
        #expect(error?.actual == actual ?? "nothing within 0.8 seconds")
    }

    @Test("S~ lines may come in any order, but each once")
    func anyOrder() async throws {
        try await play("S~: A\nS~: B\nS~: C\nS: D\nC-close", against: "S: C\nS: A\nS: B\nS: D\nC-close")
        let error = await #expect(throws: TranscriptDifference.self) {
            try await play("S~: A\nS~: B\nC-close", against: "S: A\nS: A\nC-close")
        }
        #expect(error?.line == 2)
    }

    @Test("A line that comes too early or too late is a difference")
    func timing() async throws {
        try await play("C: A\nS-after 0.1s..4s\nS: B\nC-close", against: "C: A\nS-after 0.2s..1s\nS: B\nC-close")
        await #expect(throws: TranscriptDifference.self) {
            try await play("C: A\nS-after 2s..4s\nS: B\nC-close", against: "C: A\nS: B\nC-close")
        }
    }

    @Test("A greeting that some client can't take is a difference", arguments: [
        ("VERSION⇥1⇥2\nS: SPID⇥1", "MECH⇥{any}, which has to come before SPID"),
        ("VERSION⇥2⇥0", "VERSION⇥1⇥{number}"), ("MECH⇥PLAIN", "VERSION⇥1⇥{number}"),
        ("VERSION⇥1⇥2\nS: MECH⇥LOGIN\nS: SPID⇥1\nS: CUID⇥1\nS: COOKIE⇥00\nS: DONE", "MECH⇥PLAIN⇥{any}"),
        ("VERSION⇥1⇥2\nS: MECH⇥PLAIN\nS: SPID⇥1\nS: CUID⇥1\nS: DONE", "COOKIE⇥{any}"),
        ("VERSION⇥1⇥2\nS: MECH⇥PLAIN\nS: SPID⇥1\nS: COOKIE⇥0\nS: COOKIE⇥0", "one COOKIE only"),
        ("VERSION⇥1⇥2\nS: MECH⇥PLAIN\nS: NEWS", "MECH, SPID, CUID, COOKIE or DONE"),
        ("VERSION⇥1⇥2\nS: MECH⇥\(String(repeating: "X", count: 1010))", "a greeting of at most 1023 bytes"),
    ])
    func greeting(_ lines: String, _ expected: String) async {
        let error = await #expect(throws: TranscriptDifference.self) {
            try await play("S-greeting PLAIN\nC-close", against: "S: \(lines)\nC-close")
        }
        #expect(error?.expected == "S: \(expected)")
    }

    @Test("The fake server waits for the client's next connection")
    func reconnecting() async throws {
        try await play("S: A\nC-close\nC-connect\nS: B\nC-close", against: "S: A\nC-close\nC-connect\nS: B\nC-close")
    }

    @Test("An error of the client under test is not hidden")
    func clientError() async throws {
        struct GaveUp: Error {}
        await #expect(throws: GaveUp.self) {
            try await FakeAuthServer.serve(parse("C: A")) { _ in throw GaveUp() }
        }
    }
}
