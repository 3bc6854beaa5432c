import AuthClient
import DovecotAuthProtocol
import DovecotOracle
import SASLMechanisms
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
        for mechanism in [AuthClient.PasswordMechanism.plain, .login] {
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

    @Test(
        "Every mechanism that Dovecot has, with the last message inside OK and as a challenge",
        arguments: passwordMechanisms, [true, false])
    func everyMechanism(mechanism: AuthClient.PasswordMechanism, isFinalInOK: Bool) async throws {
        let dovecot = try await RealDovecot(mechanisms: Self.everyMechanism)
        let client = try await AuthClient.connect(to: .unix(dovecot.clientSocket))
        for (password, outcome) in [
            ("wonderland", AuthenticationOutcome.success(user: "alice", fields: [])),
            ("wrong", .failure(.init(user: "alice"))),
        ] {
            let answer = try await client.authenticate(
                user: "alice", password: secret(password), mechanism: mechanism, service: "smtp"
            ) {
                if !isFinalInOK { $0.flags = [] }
            }
            #expect(answer == outcome)
        }
        await client.close()
        withExtendedLifetime(dovecot) {}
    }

    @Test("Mechanisms without a password: tokens, which 2.3 takes for passwords, certificates, and nobody")
    func withoutPassword() async throws {
        let dovecot = try await RealDovecot(mechanisms: Self.everyMechanism)
        let client = try await AuthClient.connect(to: .unix(dovecot.clientSocket))
        let bearer = try await client.authenticate(
            OAuthBearerClientMechanism(user: "alice", token: secret("wonderland"), host: nil, port: nil),
            service: "smtp")
        #expect(bearer == .success(user: "alice", fields: []))
        let xoauth2 = try await client.authenticate(
            XOAuth2ClientMechanism(user: "alice", token: secret("wonderland")), service: "smtp")
        #expect(xoauth2 == .success(user: "alice", fields: []))
        for wrong in [true, false] {
            let outcome =
                wrong
                ? try await client.authenticate(
                    OAuthBearerClientMechanism(user: "alice", token: secret("x"), host: nil, port: nil),
                    service: "smtp")
                : try await client.authenticate(
                    XOAuth2ClientMechanism(user: "alice", token: secret("x")), service: "smtp")
            #expect(outcome == .failure(.init(user: "alice")))
        }
        let anonymous = try await client.authenticate(AnonymousClientMechanism(trace: "guest"), service: "smtp")
        #expect(anonymous == .success(user: "anonymous", fields: [Parameter("anonymous")]))
        let external = try await client.authenticate(ExternalClientMechanism(), service: "smtp") {
            $0.certificateUsername = "dora"
            $0.flags.insert(.validClientCertificate)
        }
        if case .success(user: "dora", _) = external {} else { Issue.record("\(external)") }
        await client.close()
        withExtendedLifetime(dovecot) {}
    }

    // 2.3 has neither SCRAM-SHA-512 nor channel binding.
    private static let shared = MechanismRegistry.known.mechanisms.map(\.name)
        .filter { !$0.contains("512") && !$0.hasSuffix("-PLUS") }
    private static let everyMechanism = shared.joined(separator: " ").lowercased()
    private static let passwordMechanisms = AuthClient.PasswordMechanism.allCases.filter { shared.contains($0.rawValue) }

    @Test("None that both have is left out here")
    func coverage() async throws {
        let tried = Self.passwordMechanisms.map(\.rawValue) + ["OAUTHBEARER", "XOAUTH2", "ANONYMOUS", "EXTERNAL"]
        #expect(Set(tried) == Set(Self.shared))
        let dovecot = try await RealDovecot(mechanisms: Self.everyMechanism)
        let client = try await AuthClient.connect(to: .unix(dovecot.clientSocket))
        #expect(client.mechanisms.map(\.name) == Self.shared)
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
