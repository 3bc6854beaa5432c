import AuthClient
import AuthFixtures
import Dispatch
import DovecotAuthProtocol
import NIOCore
import PasswordSchemes
import SASLMechanisms
import Secrets
import Testing

/// The client against servers that do exactly what a transcript says.
@Suite("The client against scripted servers", .timeLimit(.minutes(1)))
struct ScriptedServerTests {
    private static let handshake = "C: VERSION⇥1⇥4\nC: CPID⇥{number}\n"

    private func secret(_ text: String) -> Secret { Secret(copying: Array(text.utf8).span) }

    private func serve<Outcome: Sendable>(
        _ text: String, handshakeTimeout: Duration = .seconds(5), requestTimeout: Duration = .seconds(5),
        _ body: @Sendable (AuthClient) async throws -> Outcome
    ) async throws -> Outcome {
        let transcript = try Transcript(parsing: Self.handshake + text, name: "server")
        return try await FakeAuthServer.serve(transcript) { path in
            let client = try await AuthClient.connect(
                to: .unix(path), handshakeTimeout: handshakeTimeout, requestTimeout: requestTimeout)
            let outcome = try await body(client)
            await client.close()
            return outcome
        }
    }

    private func login(
        _ client: AuthClient, _ mechanism: AuthClient.PasswordMechanism = .plain
    ) async throws -> AuthenticationOutcome {
        try await client.authenticate(
            user: "alice", password: secret("wonderland"), mechanism: mechanism,
            service: "smtp")
    }

    @Test("It says what Dovecot's own clients say")
    func request() async throws {
        let outcome = try await serve(
            #"""
            S-greeting PLAIN
            C: AUTH⇥1⇥PLAIN⇥service=smtp⇥secured⇥rip=192.0.2.7⇥x=y⇥resp={base64:\0alice\0wonderland}
            S: OK⇥1⇥user=alice@example.org⇥⇥nologin
            C-close
            """#
        ) { client in
            try await client.authenticate(
                user: "alice", password: secret("wonderland"), service: "smtp"
            ) { request in
                request.id = 99
                request.remoteAddress = "192.0.2.7"
                request.flags = [.secured]
                request.extraParameters = [Parameter("x", "y")]
            }
        }
        #expect(outcome == .success(user: "alice@example.org", fields: [Parameter("nologin")]))
    }

    @Test("It tells what it binds to when a SCRAM server asks, and believes that server's proof")
    func channelBinding() async throws {
        let transcript = try Transcript.channelBindingLogin()
        let outcome = try await FakeAuthServer.serve(transcript) { path in
            let client = try await AuthClient.connect(to: .unix(path))
            let mechanism = SCRAMClientMechanism(
                .sha256, preparedUser: "alice", password: secret("wonderland"),
                nonce: Array("fyko+d2lbbFgONRv9qkxdawL".utf8),
                channelBinding: .used(ChannelBinding(type: .tlsServerEndPoint, data: Array(32..<64))))
            let outcome = try await client.authenticate(mechanism, service: "smtp")
            await client.close()
            return outcome
        }
        #expect(outcome == .success(user: "alice", fields: []))
    }

    @Test("LOGIN, answered by a failure with a code")
    func loginMechanism() async throws {
        let outcome = try await serve(
            """
            S-greeting PLAIN LOGIN
            C: AUTH⇥1⇥LOGIN⇥service=smtp⇥final-resp-ok
            S: CONT⇥1⇥{base64:Username:}
            C: CONT⇥1⇥{base64:alice}
            S: CONT⇥1⇥{base64:Password:}
            C: CONT⇥1⇥{base64:wonderland}
            S: FAIL⇥1⇥user=alice⇥code=user_disabled⇥reason=Locked
            C-close
            """
        ) { try await login($0, .login) }
        #expect(outcome == .failure(.init(user: "alice", code: .userDisabled, reason: "Locked")))
    }

    @Test("Answers in another order than the questions reach the right ones")
    func outOfOrder() async throws {
        let outcomes = try await serve(
            """
            S-greeting PLAIN LOGIN
            C: AUTH⇥1⇥{any}
            C: AUTH⇥2⇥{any}
            S: OK⇥2⇥user=second
            S: OK⇥1⇥user=first
            C-close
            """
        ) { client in
            async let first = client.authenticate(
                PlainClientMechanism(user: "a", password: secret("")), service: "smtp")
            async let second = client.authenticate(
                PlainClientMechanism(user: "b", password: secret("")), service: "smtp")
            return try await [first, second]
        }
        #expect(Set(outcomes) == [.success(user: "first", fields: []), .success(user: "second", fields: [])])
    }

    @Test("A mechanism that the server doesn't offer is not asked for")
    func unavailableMechanism() async throws {
        let error = try await serve("S-greeting LOGIN\nC-close") { client in
            await #expect(throws: AuthClientError.self) { try await login(client, .plain) }
        }
        #expect(error?.code == .mechanismUnavailable)
        #expect(error?.description.hasSuffix("does not offer PLAIN, only LOGIN") == true)
    }

    @Test("A lost connection ends all requests in flight, and later ones")
    func lostConnection() async throws {
        let codes = try await serve("S-greeting PLAIN\nC: AUTH⇥1⇥{any}\nC: AUTH⇥2⇥{any}\nS-close") { client in
            func code() async -> AuthClientError.Code? {
                await #expect(throws: AuthClientError.self) { try await login(client) }?.code
            }
            async let first = code()
            async let second = code()
            let both = await [first, second]
            return await both + [code()]
        }
        #expect(codes == [.connectionLost, .connectionLost, .connectionLost])
    }

    @Test("A request that takes too long is cancelled at the server; its late answer disturbs nobody")
    func requestTimeout() async throws {
        let error = try await serve(
            """
            S-greeting PLAIN
            C: AUTH⇥1⇥{any}
            C: CANCEL⇥1
            S: FAIL⇥1
            C: AUTH⇥2⇥{any}
            S: OK⇥2⇥user=alice
            C-close
            """, requestTimeout: .seconds(1)
        ) { client in
            let error = await #expect(throws: AuthClientError.self) { try await login(client) }
            let next = try await login(client)
            #expect(next == .success(user: "alice", fields: []))
            return error
        }
        #expect(error?.code == .timedOut)
    }

    @Test("Cancelling the task sends CANCEL, no answer after it, and leaves the neighbour alone")
    func cancellation() async throws {
        try await serve(
            """
            S-greeting PLAIN LOGIN
            C: AUTH⇥1⇥LOGIN⇥service=smtp⇥final-resp-ok
            S: CONT⇥1⇥{base64:Username:}
            C: CANCEL⇥1
            C: AUTH⇥2⇥PLAIN⇥{any}
            S: OK⇥2⇥user=alice
            C-close
            """
        ) { client in
            let (asked, hasAsked) = AsyncStream.makeStream(of: Void.self)
            let mayAnswer = DispatchSemaphore(value: 0)
            let login = Task {
                try await client.authenticate(ThinkingMechanism(hasAsked, mayAnswer), service: "smtp")
            }
            for await _ in asked { break }
            login.cancel()
            await #expect(throws: CancellationError.self) { try await login.value }
            mayAnswer.signal()
            let next = try await self.login(client)
            #expect(next == .success(user: "alice", fields: []))
        }
    }

    /// Tells when it was asked for the user name, and answers when it may.
    private struct ThinkingMechanism: ~Copyable, ClientMechanism {
        let name = "LOGIN"
        private let hasAsked: AsyncStream<Void>.Continuation
        private let mayAnswer: DispatchSemaphore

        init(_ hasAsked: AsyncStream<Void>.Continuation, _ mayAnswer: DispatchSemaphore) {
            self.hasAsked = hasAsked
            self.mayAnswer = mayAnswer
        }

        mutating func initialResponse() -> Secret? { nil }

        mutating func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret {
            hasAsked.yield()
            mayAnswer.wait()
            return Secret(copying: Array("alice".utf8).span)
        }
    }

    @Test("A task that is cancelled already asks nothing")
    func cancelledBefore() async throws {
        try await serve("S-greeting PLAIN\nC-close") { client in
            let login = Task {
                // The task does not leave the closure.
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                return try await self.login(client)
            }
            await #expect(throws: CancellationError.self) { try await login.value }
        }
    }

    @Test("A challenge that the mechanism can't answer cancels the request")
    func mechanismFails() async throws {
        let error = try await serve(
            "S-greeting PLAIN\nC: AUTH⇥1⇥{any}\nS: CONT⇥1⇥{base64:more?}\nC: CANCEL⇥1\nC-close"
        ) { client in await #expect(throws: AuthClientError.self) { try await login(client) } }
        #expect(error?.code == .mechanismFailed)
        #expect(error?.description == "PLAIN: the server asks for more than the one message that PLAIN has")
    }

    @Test("A request that no server would read is not sent")
    func tooLong() async throws {
        let error = try await serve("S-greeting PLAIN\nC-close") { client in
            await #expect(throws: AuthClientError.self) {
                try await client.authenticate(
                    user: "alice", password: secret(String(repeating: "x", count: 13_000)),
                    service: "smtp")
            }
        }
        #expect(error?.code == .requestTooLong)
    }

    @Test("A server that breaks the protocol is left", arguments: [
        ("S: HELLO", .protocolViolation), ("S: OK⇥1", .protocolViolation), ("S: CONT⇥1⇥*", .protocolViolation),
        ("S: \(String(repeating: "x", count: 17_000))", .protocolViolation),
    ] as [(String, AuthClientError.Code)])
    func violations(_ line: String, _ code: AuthClientError.Code) async throws {
        let error = try await serve("S-greeting PLAIN\nC: AUTH⇥1⇥{any}\n\(line)\nC-close") { client in
            await #expect(throws: AuthClientError.self) { try await login(client) }
        }
        #expect(error?.code == code)
    }

    @Test("Closing ends what is in flight")
    func closing() async throws {
        try await serve("S-greeting LOGIN\nC: AUTH⇥1⇥{any}\nS: CONT⇥1⇥\nC-close") { client in
            let (asked, hasAsked) = AsyncStream.makeStream(of: Void.self)
            let mayAnswer = DispatchSemaphore(value: 0)
            defer { mayAnswer.signal() }
            let login = Task { try await client.authenticate(ThinkingMechanism(hasAsked, mayAnswer), service: "smtp") }
            for await _ in asked { break }
            await client.close()
            let error = await #expect(throws: AuthClientError.self) { try await login.value }
            #expect(error?.code == .closed)
        }
    }

    @Test("Handshakes that fail say why", arguments: [
        ("S: 220 mail ESMTP", "is not a Dovecot auth socket: it said \"220 mail ESMTP\""),
        ("S: VERSION⇥1⇥1\nS: SPID⇥1", "is a master or userdb socket"), ("S: VERSION⇥2⇥0", "speaks protocol version 2"),
        ("S: VERSION⇥1⇥2\nS: DONE", "offers no mechanism"), ("S-close", "closed the connection without a word"),
        ("S: VERSION⇥1⇥2\nS-close", "within its greeting"), ("S-silence 0.1s", "said nothing"),
        ("S: VERSION⇥1⇥2\nS: MECH⇥PLAIN\nS-silence 0.1s", "did not finish its greeting in time"),
    ])
    func handshakes(_ lines: String, _ words: String) async throws {
        let error = await #expect(throws: AuthClientError.self) {
            let timeout: Duration = lines.contains("S-silence") ? .milliseconds(1500) : .seconds(10)
            try await serve(lines + "\nC-close", handshakeTimeout: timeout) { _ in }
        }
        #expect(error?.code == .handshakeFailed)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test("Nobody there: a sentence with a remedy", arguments: [
        ("/nonexistent/auth", "No such file or directory (is the server running, and is this the path of its socket?)"),
        ("/etc/passwd", "Connection refused (this is no socket; name the one that unix_listener makes)"),
        ("/tmp", "Connection refused (this is no socket; name the one that unix_listener makes)"),
        ("/tmp/\(String(repeating: "x", count: 120))", "longer than 103 bytes (name it from its directory, as ./auth)"),
    ])
    func noServer(_ path: String, _ words: String) async {
        let error = await #expect(throws: AuthClientError.self) { try await AuthClient.connect(to: .unix(path)) }
        #expect(error?.code == .cannotConnect)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test("Nobody at a port, and a host that isn't one: the system's words, and no other program's", arguments: [
        ("127.0.0.1", "Connection refused (nobody listens there: is the server running?)"),
        ("::1", "(nobody listens there: is the server running?)"),
        ("nobody.invalid", "the host's name can't be looked up"),
    ])
    func noPort(_ host: String, _ words: String) async {
        // Reserved, and nobody's (RFC 6335 section 6).
        let error = await #expect(throws: AuthClientError.self) {
            try await AuthClient.connect(to: .tcp(host: host, port: 1))
        }
        #expect(error?.code == .cannotConnect)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("Error") == false && error?.description.contains("[IPv") == false)
    }
}
