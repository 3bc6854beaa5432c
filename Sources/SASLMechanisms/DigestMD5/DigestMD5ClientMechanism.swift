internal import PasswordSchemes
public import Secrets

/// The client's side of DIGEST-MD5 (RFC 2831) without a security layer; it checks the server's answer.
///
/// Name, realm and password are hashed as UTF-8, as Dovecot does, not as ISO 8859-1 where that is possible.
public struct DigestMD5ClientMechanism: ~Copyable, ClientMechanism {
    private enum State {
        case awaitingChallenge
        case awaitingProof(expected: [UInt8])
        case verified, ended
    }

    public let name = "DIGEST-MD5"
    private let user: String
    private var password: Secret?
    private let authorizationID: String?
    private let realm: String?
    private let digestURI: String
    private let nonce: [UInt8]
    private var state = State.awaitingChallenge

    /// - Parameters:
    ///   - realm: nil for the first that the server offers.
    ///   - service: the registered name of the protocol, such as `smtp` or `imap`.
    ///   - host: the server's name.
    ///   - randomness: for the client's nonce.
    public init(
        user: String, password: consuming Secret, authorizationID: String? = nil, realm: String? = nil,
        service: String, host: String, randomness: ExchangeRandomness
    ) {
        self.init(
            user: user, password: password, authorizationID: authorizationID, realm: realm,
            digestURI: "\(service)/\(host)", nonce: randomness.nonce(count: 24))
    }

    package init(
        user: String, password: consuming Secret, authorizationID: String?, realm: String?, digestURI: String,
        nonce: [UInt8]
    ) {
        self.user = user
        self.password = consume password
        self.authorizationID = authorizationID
        self.realm = realm
        self.digestURI = digestURI
        self.nonce = nonce
    }

    public mutating func initialResponse() -> Secret? { nil }

    public mutating func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret {
        let message = challenge.indices.map { challenge[$0] }
        switch state {
        case .awaitingChallenge:
            state = .ended
            return try answer(try DigestMD5Challenge(message))
        case .awaitingProof(let expected):
            try verify(message, expected)
            return Secret(copying: Span())
        case .verified, .ended:
            throw ClientMechanismFailure("the server asks for more than DIGEST-MD5 has")
        }
    }

    public mutating func finish(serverMessage: [UInt8]?) throws(ClientMechanismFailure) {
        switch state {
        case .awaitingProof(let expected):
            guard let serverMessage else {
                state = .ended
                throw ClientMechanismFailure("the server reports success without proof that it knows the password")
            }
            try verify(serverMessage, expected)
        case .verified where serverMessage ?? [] == []:
            break
        default:
            throw ClientMechanismFailure("the server reports success out of turn")
        }
        state = .ended
    }

    private mutating func answer(_ challenge: DigestMD5Challenge) throws(ClientMechanismFailure) -> Secret {
        guard let password = password.take() else { throw ClientMechanismFailure("the server asks a second time") }
        let realm = realm.map { Array($0.utf8) } ?? challenge.realms.first ?? []
        let exchange = DigestExchange(
            nonce: challenge.nonce, clientNonce: nonce, nonceCount: Array("00000001".utf8),
            protection: Array("auth".utf8), digestURI: Array(digestURI.utf8),
            authorizationID: authorizationID.map { Array($0.utf8) })
        let key = DigestMD5Key(user: Array(user.utf8).span, realm: realm.span, password: password)
        state = .awaitingProof(expected: exchange.serverResponse(key))

        // In the order of RFC 2831 section 4.
        var message = Array("charset=utf-8,username=".utf8) + DigestDirectives.quote(Array(user.utf8))
        message += Array(",realm=".utf8) + DigestDirectives.quote(realm)
        message += Array(",nonce=".utf8) + DigestDirectives.quote(challenge.nonce)
        message += Array(",nc=00000001,cnonce=".utf8) + DigestDirectives.quote(nonce)
        message += Array(",digest-uri=".utf8) + DigestDirectives.quote(exchange.digestURI)
        message += Array(",response=".utf8) + exchange.clientResponse(key) + Array(",qop=auth".utf8)
        if let target = exchange.authorizationID {
            message += Array(",authzid=".utf8) + DigestDirectives.quote(target)
        }
        return Secret(copying: message.span)
    }

    private mutating func verify(_ message: [UInt8], _ expected: [UInt8]) throws(ClientMechanismFailure) {
        state = .ended
        guard
            let directives = DigestDirectives(message), let proof = try? directives.single("rspauth"),
            equalInConstantTime(proof.span, expected.span)
        else { throw ClientMechanismFailure("the server does not prove that it knows the password") }
        state = .verified
    }
}
