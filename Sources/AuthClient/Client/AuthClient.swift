public import DovecotAuthProtocol
internal import NIOCore
internal import PasswordSchemes
public import SASLMechanisms
public import Secrets

/// A connection to a Dovecot auth socket, Gatepost's or Dovecot's own.
///
/// Any number of logins may be in flight at once. When the connection is lost, all of them end with
/// ``AuthClientError/Code/connectionLost``, and so does every later one: connect anew.
public final class AuthClient: Sendable {
    /// What the server said of itself.
    public let server: ServerDescription
    /// Where it is.
    public let address: AuthServerAddress
    private let channel: any Channel
    private let handler: NIOLoopBound<ClientConnectionHandler>
    private let requestTimeout: TimeAmount

    init(
        server: ServerDescription, address: AuthServerAddress, channel: any Channel,
        handler: NIOLoopBound<ClientConnectionHandler>, requestTimeout: TimeAmount
    ) {
        self.server = server
        self.address = address
        self.channel = channel
        self.handler = handler
        self.requestTimeout = requestTimeout
    }

    deinit {
        channel.close(promise: nil)
    }

    /// The mechanisms that the server offers, in its order.
    public var mechanisms: [ServerGreeting.Mechanism] { server.mechanisms }

    /// The mechanisms for ``authenticate(user:password:mechanism:service:configure:)``.
    public enum PasswordMechanism: String, Hashable, Sendable, CaseIterable {
        case plain = "PLAIN"
        case login = "LOGIN"
        case cramMD5 = "CRAM-MD5"
        case digestMD5 = "DIGEST-MD5"
        case scramSHA1 = "SCRAM-SHA-1"
        case scramSHA256 = "SCRAM-SHA-256"
        case scramSHA512 = "SCRAM-SHA-512"
    }

    /// Asks whether this is the user's password.
    ///
    /// - Parameters:
    ///   - password: wiped as soon as it was sent.
    ///   - service: `smtp`, `imap` …: what the user logs in to.
    ///   - configure: sets what else is known: the mail client's address, whether TLS protects it, …
    /// - Throws: ``AuthClientError`` if there is no verdict; `CancellationError` if the task was cancelled, which the
    ///   server is told.
    public func authenticate(
        user: String, password: consuming Secret, mechanism: PasswordMechanism = .plain, service: String,
        configure: (inout AuthenticationRequest) -> Void = { _ in }
    ) async throws -> AuthenticationOutcome {
        let holder = try Self.holder(mechanism, user, password, service)
        return try await authenticate(holder, request(mechanism.rawValue, service, configure))
    }

    private static func holder(
        _ mechanism: PasswordMechanism, _ user: String, _ password: consuming Secret, _ service: String
    ) throws(AuthClientError) -> any MechanismHolder {
        var generator = SystemRandomNumberGenerator()
        let randomness = ExchangeRandomness(using: &generator)
        let hash: SCRAMHash
        switch mechanism {
        case .plain: return HeldMechanism(PlainClientMechanism(user: user, password: password))
        case .login: return HeldMechanism(LoginClientMechanism(user: user, password: password))
        case .cramMD5: return HeldMechanism(CramMD5ClientMechanism(user: user, password: password))
        case .digestMD5:
            return HeldMechanism(
                DigestMD5ClientMechanism(
                    user: user, password: password, service: service, host: "localhost", randomness: randomness))
        case .scramSHA1: hash = .sha1
        case .scramSHA256: hash = .sha256
        case .scramSHA512: hash = .sha512
        }
        do throws(StringPreparationError) {
            return HeldMechanism(
                try SCRAMClientMechanism(hash, user: user, password: password, randomness: randomness))
        } catch {
            throw AuthClientError(.mechanismFailed, "\(mechanism.rawValue): \(error)")
        }
    }

    /// A request that takes a mechanism's last message inside OK; `configure` may say otherwise.
    private func request(
        _ mechanism: String, _ service: String, _ configure: (inout AuthenticationRequest) -> Void
    ) -> AuthenticationRequest {
        var request = AuthenticationRequest(id: 1, mechanism: mechanism, service: service)
        request.flags.insert(.finalResponseOK)
        configure(&request)
        return request
    }

    /// Runs an exchange of any mechanism.
    ///
    /// - Parameter configure: as above; the id is set here, whatever it was.
    /// - Throws: ``AuthClientError`` if there is no verdict; `CancellationError` if the task was cancelled.
    public func authenticate(
        _ mechanism: consuming some ClientMechanism & ~Copyable, service: String,
        configure: (inout AuthenticationRequest) -> Void = { _ in }
    ) async throws -> AuthenticationOutcome {
        let request = request(mechanism.name, service, configure)
        return try await authenticate(HeldMechanism(mechanism), request)
    }

    private func authenticate(
        _ mechanism: any MechanismHolder, _ request: AuthenticationRequest
    ) async throws -> AuthenticationOutcome {
        guard server.offers(request.mechanism) else {
            throw AuthClientError(
                .mechanismUnavailable,
                """
                the auth server at \(address) does not offer \(request.mechanism), only \
                \(server.mechanisms.map(\.name).joined(separator: ", "))
                """)
        }
        let outcome = channel.eventLoop.makePromise(of: AuthenticationOutcome.self)
        let exchange = Exchange(mechanism, request: request, timeout: requestTimeout, outcome: outcome)
        return try await withTaskCancellationHandler {
            channel.eventLoop.execute { self.handler.value.begin(exchange) }
            return try await outcome.futureResult.get()
        } onCancel: {
            channel.eventLoop.execute { self.handler.value.cancel(exchange) }
        }
    }

    /// Closes the connection; logins in flight end with ``AuthClientError/Code/closed``.
    public func close() async {
        channel.eventLoop.execute { self.handler.value.close() }
        // However it ended: it is closed.
        try? await channel.closeFuture.get()
    }
}
