import AuthClient
import DovecotAuthProtocol
import DovecotOracle
import Secrets
import Testing

@Suite(
    "Logins at Dovecot 2.3", .serialized, .timeLimit(.minutes(1)),
    .enabled(if: RealDovecot.isAvailable, "\(RealDovecot.skipNote)"))
struct RealDovecotLoginTests {
    private func secret(_ text: String) -> Secret { Secret(copying: Array(text.utf8).span) }

    @Test("Right and wrong passwords, by PLAIN and LOGIN, on one connection")
    func logins() async throws {
        let dovecot = try await RealDovecot()
        let client = try await AuthClient.connect(to: .unix(dovecot.clientSocket))
        #expect(client.mechanisms.map(\.name) == ["PLAIN", "LOGIN"])
        #expect(client.server.version == ProtocolVersion(major: 1, minor: 2))
        #expect(client.server.processID != nil)
        for mechanism in AuthClient.PasswordMechanism.allCases {
            let right = try await client.authenticate(
                user: "alice", password: secret("wonderland"), mechanism: mechanism, service: "smtp")
            #expect(right == .success(user: "alice", fields: []))
            let wrong = try await client.authenticate(
                user: "alice", password: secret("wrong"), mechanism: mechanism, service: "smtp")
            #expect(wrong == .failure(.init(user: "alice")))
        }
        let challenged = try await client.authenticate(
            PlainClientMechanism(user: "alice", password: secret("wonderland"), initialResponse: false), service: "smtp")
        #expect(challenged == .success(user: "alice", fields: []))
        let fields = try await client.authenticate(user: "carol", password: secret("secret"), service: "smtp") {
            $0.remoteAddress = "192.0.2.7"
            $0.flags = [.secured, .noPenalty]
        }
        #expect(fields == .success(user: "carol", fields: [Parameter("nologin"), Parameter("shade", "blue")]))
        await client.close()
        withExtendedLifetime(dovecot) {}
    }

    @Test("Fifty logins in flight on one connection each get their own answer")
    func inFlight() async throws {
        let dovecot = try await RealDovecot()
        let client = try await AuthClient.connect(to: .unix(dovecot.clientSocket))
        try await withThrowingTaskGroup(of: (Int, AuthenticationOutcome).self) { group in
            for number in 0..<50 {
                group.addTask {
                    let password = Secret(copying: Array((number % 5 == 0 ? "wrong" : "wonderland").utf8).span)
                    let mechanism: AuthClient.PasswordMechanism = number % 2 == 0 ? .plain : .login
                    return (
                        number,
                        try await client.authenticate(
                            user: "alice", password: password, mechanism: mechanism, service: "smtp")
                    )
                }
            }
            for try await (number, outcome) in group {
                if case .success = outcome { #expect(number % 5 != 0) } else { #expect(number % 5 == 0) }
            }
        }
        await client.close()
        withExtendedLifetime(dovecot) {}
    }

    @Test("The userdb socket is told from one for clients")
    func userdbSocket() async throws {
        let dovecot = try await RealDovecot()
        let error = await #expect(throws: AuthClientError.self) {
            try await AuthClient.connect(to: .unix(dovecot.userdbSocket))
        }
        #expect(error?.code == .handshakeFailed)
        #expect(error?.description.contains("is a master or userdb socket") == true)
        withExtendedLifetime(dovecot) {}
    }
}
