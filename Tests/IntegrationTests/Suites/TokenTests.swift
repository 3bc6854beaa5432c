import AuthDatabases
import AuthServer
import Logging
import SASLMechanisms
import Secrets
import Synchronization
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

        @Test(
            "A refused token's line has its address banned by Debian's fail2ban filter, a good one's has not",
            .enabled(if: Places.exists(Self.filter), "needs fail2ban"),
            arguments: [
                ("XOAUTH2", "user=alice\u{1}auth=Bearer bad-token\u{1}\u{1}"),
                ("OAUTHBEARER", "n,a=alice,\u{1}auth=Bearer bad-token\u{1}\u{1}"),
                ("OAUTHBEARER", "bad-token"),
            ])
        func fail2ban(mechanism: String, message: String) async throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let record = LogRecord()
            try await withServer(logger: record.logger) { port in
                let accepted = try MailPrograms.curl(
                    port: port, mechanism, as: Credentials(user: "alice", password: "good.token-1"))
                #expect(accepted.succeeded, "\(accepted)")
                #expect(try addresses(in: record.text, place).isEmpty, "\(record.text)")
                let session = try SMTPConversation(port: port)
                try session.say("EHLO client.test")
                #expect(try session.say("AUTH \(mechanism) \(Base64.encode(message))").code == 334)
                #expect(try session.say(Base64.encode("\u{1}")).code == 535)
            }
            let log = record.text
            #expect(try addresses(in: log, place) == ["127.0.0.1"], "\(log)")
            #expect(!log.contains("good.token-1") && !log.contains("bad-token"))
        }

        private static let filter = "/etc/fail2ban/filter.d/dovecot.conf"

        /// The addresses that the filter finds, each once.
        private func addresses(in log: String, _ place: TemporaryDirectory) throws -> Set<String> {
            // It takes an empty file for a mistake.
            try place.write(log + "Jan  1 00:00:00 auth: Info: the end\n", to: "lines.log")
            let outcome = try ChildProcess.run(["fail2ban-regex", "-o", "ip", "\(place.path)/lines.log", Self.filter])
            guard outcome.succeeded else { throw Failure("\(outcome)") }
            return Set(outcome.output.split(separator: "\n").map(String.init))
        }

        /// What an embedder's logger is told, as lines of Dovecot's log file.
        private final class LogRecord: Sendable {
            private let lines = Mutex("")

            var text: String { lines.withLock { $0 } }
            var logger: Logger { Logger(label: "auth") { _ in Handler(record: self) } }

            private struct Handler: LogHandler {
                let record: LogRecord
                var metadata: Logger.Metadata = [:]
                var logLevel = Logger.Level.info

                subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                    get { metadata[key] }
                    set { metadata[key] = newValue }
                }

                func log(event: LogEvent) {
                    record.lines.withLock { $0 += "Jan  1 00:00:00 auth: Info: \(event.message)\n" }
                }
            }
        }

        private func withServer(
            logger: Logger = Logger(label: "auth"), _ body: @Sendable @escaping (UInt16) throws -> Void
        ) async throws {
            let settings = PostfixInstance.Settings(processes: 1)
            let directory = try PostfixInstance.prepare(settings)
            let socket = try ListeningSocket.bind(
                .init(
                    path: "\(directory.path)/queue/private/auth", mode: 0o660, user: "postfix", group: "postfix"))
            var configuration = AuthServerConfiguration(databases: [])
            configuration.mechanisms = try MechanismRegistry(names: ["XOAUTH2", "OAUTHBEARER", "PLAIN"])
            configuration.tokenValidator = OneToken()
            configuration.failureDelay = .zero
            configuration.isVerbose = true
            let server = AuthServer(sockets: [socket], configuration: configuration, logger: logger)
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
