internal import PasswordSchemes
internal import Secrets

/// The server's side of CRAM-MD5 (RFC 2195): a challenge, and its HMAC-MD5 with the password as key.
public struct CramMD5ServerMechanism: ~Copyable, ServerMechanism {
    /// CRAM-MD5 as a server offers it.
    public static let offer = OfferedMechanism(
        name: "CRAM-MD5", properties: [.dictionary, .active], needs: .credentials
    ) { context in CramMD5ServerMechanism(context()) }

    private enum State {
        case begun, awaitingResponse
        case awaitingCredential(digits: [UInt8])
        case ended
    }

    private var state = State.begun
    private let challenge: [UInt8]
    private let decoys: DecoySecret

    /// An exchange whose challenge is made of the context's randomness, time and host name.
    public init(_ context: ExchangeContext) {
        let number = String(context.randomness.number)
        // Dovecot's form of RFC 822's msg-id, always of sixteen digits.
        let padding = String(repeating: "0", count: 16 - number.utf8.count)
        self.init(challenge: "<\(padding)\(number).\(context.unixTime)@\(context.hostName)>", decoys: context.decoys)
    }

    package init(challenge: String, decoys: DecoySecret) {
        self.challenge = Array(challenge.utf8)
        self.decoys = decoys
    }

    public mutating func step(_ input: consuming MechanismInput) -> MechanismStep {
        switch consume input {
        case .begin:
            return begin()
        case .beginWith:
            // There is nothing that a client could have to say yet; Dovecot ignores it, too.
            return begin()
        case .response(let message):
            guard case .awaitingResponse = state else { return end(.outOfStep) }
            return read(message)
        case .fetched(let credential, let user):
            guard case .awaitingCredential(let digits) = state else { return end(.outOfStep) }
            return verify(digits, credential, user)
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
        return .challenge(challenge)
    }

    /// `user SP 32-hex`; a name may hold blanks.
    private mutating func read(_ message: borrowing Secret) -> MechanismStep {
        guard
            let message = message.message(),
            let blank = message.lastIndex(of: UInt8(ascii: " ")),
            let user = message[..<blank].name
        else { return end(.invalidInput) }
        guard !user.isEmpty else { return end(.emptyUsername) }
        let digits = message[(blank + 1)...]
        guard digits.count == 32 else { return end(.invalidInput) }
        // RFC 2195 section 2 has small letters; Dovecot 2.4 takes either, 2.3 does not.
        state = .awaitingCredential(digits: digits.map { (0x41...0x46).contains($0) ? $0 + 32 : $0 })
        return .fetch(Identity(authenticationID: user), .cramMD5)
    }

    private mutating func verify(
        _ digits: [UInt8], _ credential: StoredCredential?, _ user: String
    ) -> MechanismStep {
        var stored: CramMD5Context?
        if let credential {
            guard case .cramMD5(let context) = credential else { return end(.outOfStep) }
            stored = context
        }
        let decoy = CramMD5Context(bytes: decoys.bytes(for: user, purpose: "CRAM-MD5").span)
        let isRight = (stored ?? decoy)?.accepts(response: digits.span, to: challenge.span) ?? false
        guard isRight, stored != nil else { return end(.wrongPassword) }
        state = .ended
        return .succeed(finalMessage: nil)
    }
}
