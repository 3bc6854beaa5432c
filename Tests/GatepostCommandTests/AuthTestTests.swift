import AuthClient
import AuthFixtures
import DovecotOracle
import Secrets
import Synchronization
import Testing

@testable import gatepost

@Suite("gatepost auth test", .timeLimit(.minutes(1)))
struct AuthTestTests {
    /// What a run printed.
    private final class Printed: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private func run(
        at path: String, user: String = "alice", password: String = "wonderland", conditions: [String] = []
    ) async throws -> (status: AuthTest.ExitStatus, output: [String], complaints: [String]) {
        var collected = AuthTestConditions()
        for condition in conditions { try collected.add(condition) }
        let output = Printed()
        let complaints = Printed()
        let test = AuthTest(
            address: AuthTestCommand.address(path), mechanism: .plain, user: user, conditions: collected,
            output: { output.add($0) }, complaint: { complaints.add($0) })
        let status = await test.run(password: Secret(copying: Array(password.utf8).span))
        return (status, output.all, complaints.all)
    }

    // Output and exit codes of doveadm 2.3.19.1 on the same accounts.
    @Test("It says what doveadm auth test says", .enabled(if: RealDovecot.isAvailable, "\(RealDovecot.skipNote)"))
    func asDoveadm() async throws {
        let dovecot = try await RealDovecot()
        let right = try await run(at: dovecot.clientSocket)
        #expect(right.status.rawValue == 0)
        #expect(right.output == ["passdb: alice auth succeeded", "extra fields:", "  user=alice"])
        let wrong = try await run(at: dovecot.clientSocket, password: "wrong")
        #expect(wrong.status.rawValue == 77)
        #expect(wrong.output == ["passdb: alice auth failed", "extra fields:", "  user=alice"])
        let fields = try await run(at: dovecot.clientSocket, user: "carol", password: "secret")
        #expect(
            fields.output == [
                "passdb: carol auth succeeded", "extra fields:", "  user=carol", "  nologin", "  shade=blue",
            ])
        #expect(right.complaints + wrong.complaints + fields.complaints == [])
        let userdb = try await run(at: dovecot.userdbSocket)
        #expect(userdb.status.rawValue == 75)
        #expect(userdb.output == [])
        #expect(userdb.complaints.count == 1)
        withExtendedLifetime(dovecot) {}
    }

    private func serve(_ lines: String, conditions: [String] = []) async throws -> (AuthTest.ExitStatus, [String]) {
        let text = "C: VERSION⇥1⇥4\nC: CPID⇥{number}\nS-greeting PLAIN\n\(lines)\nC-close"
        return try await FakeAuthServer.serve(Transcript(parsing: text, name: "server")) { path in
            let result = try await run(at: path, conditions: conditions)
            return (result.status, result.output)
        }
    }

    @Test("A temporary failure is told from a wrong password")
    func temporaryFailure() async throws {
        let (status, output) = try await serve("C: AUTH⇥{any}\nS: FAIL⇥1⇥user=alice⇥code=temp_fail⇥reason=Later")
        #expect(status == .temporaryFailure)
        #expect(
            output == [
                "passdb: alice auth failed", "extra fields:", "  user=alice", "  code=temp_fail", "  reason=Later",
            ])
    }

    @Test("Conditions reach the server; what the protocol has no field for is passed on")
    func conditions() async throws {
        let (status, _) = try await serve(
            """
            C: AUTH⇥1⇥PLAIN⇥service=smtp⇥final-resp-ok⇥session=abc⇥lip=::1⇥rip=192.0.2.7⇥rport=40000⇥local_name=mail⇥secured⇥x=y⇥resp={any}
            S: OK⇥1⇥user=alice
            """,
            conditions: [
                "service=smtp", "session=abc", "rip=192.0.2.7", "lip=::1", "rport=40000", "local_name=mail", "secured", "x=y",
            ])
        #expect(status == .succeeded)
    }

    @Test("A server's text does not drive the terminal")
    func controlCharacters() async throws {
        let (_, output) = try await serve(#"C: AUTH⇥{any}"# + "\n" + #"S: FAIL⇥1⇥reason=\x1b[2J"#)
        #expect(output.last == "  reason=?[2J")
    }

    @Test("Conditions that can't be meant are refused", arguments: [
        "rip=foo", "rip=", "rip", "lip=1.2.3.4 x", "rport=0", "rport=65536", "lport=smtp", "=x", "", "resp=AAAA",
    ])
    func invalid(_ condition: String) {
        var conditions = AuthTestConditions()
        #expect(throws: AuthTestConditions.Invalid.self) { try conditions.add(condition) }
    }

    @Test("Sockets are paths or host and port", arguments: [
        ("/run/auth", .unix("/run/auth")), ("auth", .unix("auth")), ("/run/a:1", .unix("/run/a:1")),
        ("localhost:12345", .tcp(host: "localhost", port: 12345)), ("[::1]:7", .tcp(host: "::1", port: 7)),
    ] as [(String, AuthServerAddress)])
    func addresses(_ text: String, _ address: AuthServerAddress) {
        #expect(AuthTestCommand.address(text) == address)
    }
}
