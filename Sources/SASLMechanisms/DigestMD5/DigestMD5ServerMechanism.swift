internal import PasswordSchemes
internal import Secrets

/// The server's side of DIGEST-MD5 (RFC 2831) without a security layer: `qop=auth`, one use of a nonce.
///
/// Names and passwords are hashed as the bytes that were sent or stored, as in Dovecot: the conversion of UTF-8 to
/// ISO 8859-1 of RFC 2831 section 2.1.2.1 is not made, so a client that makes it can't log in with umlauts.
public struct DigestMD5ServerMechanism: ~Copyable, ServerMechanism {
    /// DIGEST-MD5 as a server offers it.
    public static let offer = OfferedMechanism(
        name: "DIGEST-MD5", properties: [.dictionary, .active, .mutualAuthentication], needs: .credentials
    ) { context in DigestMD5ServerMechanism(context()) }

    private enum State {
        case begun, awaitingResponse
        case awaitingCredential(DigestMD5ClientResponse)
        case ended
    }

    private var state = State.begun
    private let nonce: [UInt8]
    private let realms: [String]
    private let decoys: DecoySecret

    /// An exchange whose nonce is made of the context's randomness.
    public init(_ context: ExchangeContext) {
        // Dovecot's nonce has 24 characters.
        self.init(nonce: context.randomness.nonce(count: 24), realms: context.realms, decoys: context.decoys)
    }

    package init(nonce: [UInt8], realms: [String], decoys: DecoySecret) {
        self.nonce = nonce
        self.realms = realms
        self.decoys = decoys
    }

    public mutating func step(_ input: consuming MechanismInput) -> MechanismStep {
        switch consume input {
        case .begin:
            return begin()
        case .beginWith:
            // An initial response would go on with an earlier nonce (RFC 2831 section 2.2); Dovecot ignores it, too.
            return begin()
        case .response(let message):
            guard case .awaitingResponse = state else { return end(.outOfStep) }
            return read(message)
        case .fetched(let credential, let user):
            guard case .awaitingCredential(let response) = state else { return end(.outOfStep) }
            return verify(response, credential, user)
        default:
            return end(.outOfStep)
        }
    }

    private mutating func end(_ failure: MechanismFailure) -> MechanismStep {
        state = .ended
        return .fail(failure)
    }

    private mutating func begin() -> MechanismStep {
        guard case .begun = state else { return end(.outOfStep) }
        state = .awaitingResponse
        var challenge: [UInt8] = []
        // Without a realm some clients take the host's name, which no stored key was made for.
        for realm in realms.isEmpty ? [""] : realms {
            challenge += Array("realm=".utf8) + DigestDirectives.quote(Array(realm.utf8)) + [UInt8(ascii: ",")]
        }
        challenge += Array("nonce=".utf8) + DigestDirectives.quote(nonce)
        challenge += Array(#",qop="auth",charset="utf-8",algorithm="md5-sess""#.utf8)
        return .challenge(challenge)
    }

    private mutating func read(_ message: borrowing Secret) -> MechanismStep {
        guard let message = message.message() else { return end(.invalidInput) }
        do throws(MechanismFailure) {
            let response = try DigestMD5ClientResponse(message, nonce: nonce)
            state = .awaitingCredential(response)
            return .fetch(response.identity, .digestMD5(user: response.user, realm: response.realm))
        } catch {
            return end(error)
        }
    }

    private mutating func verify(
        _ response: DigestMD5ClientResponse, _ credential: StoredCredential?, _ user: String
    ) -> MechanismStep {
        var stored: DigestMD5Key?
        if let credential {
            guard case .digestMD5(let key) = credential else { return end(.outOfStep) }
            stored = key
        }
        let decoyBytes = Array(decoys.bytes(for: user, purpose: "DIGEST-MD5").prefix(16))
        guard let key = stored ?? DigestMD5Key(bytes: decoyBytes.span) else { return end(.outOfStep) }
        let isRight = equalInConstantTime(response.exchange.clientResponse(key).span, response.response.span)
        let finalMessage = Array("rspauth=".utf8) + response.exchange.serverResponse(key)
        guard isRight, stored != nil else { return end(.wrongPassword) }
        state = .ended
        return .succeed(finalMessage: finalMessage)
    }
}
