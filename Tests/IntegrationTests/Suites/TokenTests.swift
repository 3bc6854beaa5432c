import AuthDatabases
import AuthServer
import Logging
import SASLMechanisms
import Secrets
import Testing

extension RealPeers {
    /// The daemon has no validator of tokens; whoever embeds the server brings one.
    @Suite(
        "Bearer tokens, through Postfix", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunPostfix && ServerKind.current == .gatepost, "needs root and postfix (make test)"))
    struct TokenTests {
        /// Takes one token, of alice's.
        private struct OneToken: TokenValidator {
            func validate(_ token: SharedSecret, for query: UserQuery) async throws(DatabaseFailure) -> TokenVerdict {
                let text = token.withSecret { secret in
                    secret.withBytes { span in String(decoding: span.indices.map { span[$0] }, as: UTF8.self) }
                }
                guard text != "nobody-knows" else { throw DatabaseFailure("the provider does not answer") }
                guard text == "good.token-1", query.user == "alice" else {
                    return .invalid(TokenRefusal(.invalidToken, scope: "mail"))
                }
                return .valid(user: "alice")
            }
        }

        @Test("curl logs in with a token, and is refused with another", arguments: ["XOAUTH2", "OAUTHBEARER"])
        func curl(mechanism: String) async throws {
            try await withServer { port in
                let accepted = try MailPrograms.curl(
                    port: port, mechanism, as: Credentials(user: "alice", password: "good.token-1"))
                #expect(accepted.succeeded, "\(accepted)")
                for (user, token) in [("alice", "bad"), ("bob", "good.token-1")] {
                    let refused = try MailPrograms.curl(
                        port: port, mechanism, as: Credentials(user: user, password: token))
                    #expect(refused.exit == .code(67), "\(refused)")
                }
            }
        }

        @Test("A refusal shows the client the error that RFC 7628 has, then 535; no answer is 454")
        func refusal() async throws {
            try await withServer { port in
                let session = try SMTPConversation(port: port)
                try session.say("EHLO client.test")
                let bearer = Base64.encode("n,a=alice,\u{1}auth=Bearer bad\u{1}\u{1}")
                let challenge = try session.say("AUTH OAUTHBEARER \(bearer)")
                #expect(challenge.code == 334)
                #expect(challenge.text == Base64.encode(#"{"status":"invalid_token","scope":"mail"}"#))
                #expect(try session.say(Base64.encode("\u{1}")).code == 535)
                let unknown = Base64.encode("n,a=alice,\u{1}auth=Bearer nobody-knows\u{1}\u{1}")
                #expect(try session.say("AUTH OAUTHBEARER \(unknown)").code == 454)
            }
        }

        private func withServer(_ body: @Sendable @escaping (UInt16) throws -> Void) async throws {
            let settings = PostfixInstance.Settings(processes: 1)
            let directory = try PostfixInstance.prepare(settings)
            let socket = try ListeningSocket.bind(
                .init(
                    path: "\(directory.path)/queue/private/auth", mode: 0o660, user: "postfix", group: "postfix"))
            var configuration = AuthServerConfiguration(databases: [])
            configuration.mechanisms = try MechanismRegistry(names: ["XOAUTH2", "OAUTHBEARER", "PLAIN"])
            configuration.tokenValidator = OneToken()
            configuration.failureDelay = .zero
            let server = AuthServer(
                sockets: [socket], configuration: configuration, logger: Logger(label: "auth"))
            let postfix = try PostfixInstance(in: directory, settings)
            defer { postfix.stop() }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await server.run() }
                tasks.addTask { try body(postfix.smtpPort) }
                try await tasks.next()
                tasks.cancelAll()
            }
        }
    }
}
