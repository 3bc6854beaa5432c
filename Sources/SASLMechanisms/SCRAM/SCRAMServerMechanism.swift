internal import Encodings
public import PasswordSchemes
internal import Secrets

/// The server's side of SCRAM (RFC 5802, RFC 7677), with or without channel binding.
///
/// Names are taken as they are sent, without SASLprep, as in Dovecot. A user who doesn't exist gets a salt and an
/// iteration count as any other, always the same, and fails at the end; Dovecot fails at once there.
public struct SCRAMServerMechanism: ~Copyable, ServerMechanism {
    /// SCRAM with this hash function as a server offers it, with `-PLUS` if it binds.
    public static func offer(_ hash: SCRAMHash, bindsChannel: Bool = false) -> OfferedMechanism {
        OfferedMechanism(
            name: name(hash) + (bindsChannel ? "-PLUS" : ""),
            properties: bindsChannel ? [.mutualAuthentication, .channelBinding] : .mutualAuthentication,
            needs: .credentials
        ) { context in SCRAMServerMechanism(hash, bindsChannel: bindsChannel, context()) }
    }

    static func name(_ hash: SCRAMHash) -> String {
        switch hash {
        case .sha1: "SCRAM-SHA-1"
        case .sha256: "SCRAM-SHA-256"
        case .sha512: "SCRAM-SHA-512"
        }
    }

    private struct Opening {
        let message: SCRAMClientFirstMessage
        let bindingType: ChannelBindingType?
    }

    private struct Negotiation {
        let opening: Opening
        let serverFirst: SCRAMServerFirstMessage
        let credentials: SCRAMCredentials
        /// Whether somebody has these credentials.
        let isReal: Bool
    }

    private enum State {
        case begun, awaitingFirstMessage
        case awaitingCredential(Opening)
        case awaitingFinalMessage(Negotiation)
        case ended
    }

    private var state = State.begun
    private let hash: SCRAMHash
    private let bindsChannel: Bool
    private let offersChannelBinding: Bool
    private let nonce: [UInt8]
    private let decoys: DecoySecret

    /// An exchange whose nonce is made of the context's randomness.
    public init(_ hash: SCRAMHash, bindsChannel: Bool = false, _ context: ExchangeContext) {
        self.init(
            hash, bindsChannel: bindsChannel, offersChannelBinding: context.offersChannelBinding,
            nonce: context.randomness.nonce(count: 64), decoys: context.decoys)
    }

    package init(
        _ hash: SCRAMHash, bindsChannel: Bool, offersChannelBinding: Bool, nonce: [UInt8], decoys: DecoySecret
    ) {
        self.hash = hash
        self.bindsChannel = bindsChannel
        self.offersChannelBinding = offersChannelBinding
        self.nonce = nonce
        self.decoys = decoys
    }

    public mutating func step(_ input: consuming MechanismInput) -> MechanismStep {
        switch consume input {
        case .begin:
            guard case .begun = state else { return end(.outOfStep) }
            state = .awaitingFirstMessage
            return .challenge([])
        case .beginWith(let message):
            guard case .begun = state else { return end(.outOfStep) }
            return open(message)
        case .response(let message):
            switch state {
            case .awaitingFirstMessage: return open(message)
            case .awaitingFinalMessage(let negotiation):
                guard negotiation.opening.bindingType == nil else { return end(.channelBindingMissing) }
                return close(message, negotiation, bindingData: [])
            default: return end(.outOfStep)
            }
        case .responseWithChannelBinding(let message, let bindingData):
            guard
                case .awaitingFinalMessage(let negotiation) = state, negotiation.opening.bindingType != nil
            else { return end(.outOfStep) }
            guard !bindingData.isEmpty else { return end(.channelBindingMissing) }
            return close(message, negotiation, bindingData: bindingData)
        case .fetched(let credential, let user):
            guard case .awaitingCredential(let opening) = state else { return end(.outOfStep) }
            return answer(opening, credential, user)
        default:
            return end(.outOfStep)
        }
    }

    private mutating func end(_ failure: MechanismFailure) -> MechanismStep {
        state = .ended
        return .fail(failure)
    }

    private mutating func open(_ message: borrowing Secret) -> MechanismStep {
        guard let bytes = message.message() else { return end(.invalidInput) }
        do throws(MechanismFailure) {
            let message = try SCRAMClientFirstMessage(bytes)
            let opening = Opening(message: message, bindingType: try bindingType(message.header.binding))
            state = .awaitingCredential(opening)
            return .fetch(message.identity, .scram(hash))
        } catch {
            return end(error)
        }
    }

    /// The rules of RFC 5802 section 6.
    private func bindingType(_ binding: GS2Header.Binding) throws(MechanismFailure) -> ChannelBindingType? {
        switch binding {
        case .used(let name):
            guard bindsChannel else { throw .channelBindingUnsupported }
            guard let type = ChannelBindingType(rawValue: name) else { throw .channelBindingUnsupported }
            return type
        case .unadvertised where offersChannelBinding && !bindsChannel:
            throw .downgradeAttack
        case .unadvertised, .impossible:
            if bindsChannel { throw .channelBindingMissing }
            return nil
        }
    }

    private mutating func answer(
        _ opening: Opening, _ credential: StoredCredential?, _ user: String
    ) -> MechanismStep {
        var credentials = decoys.credentials(for: user, hash: hash)
        if let credential {
            guard case .scram(let stored) = credential, stored.hash == hash else { return end(.outOfStep) }
            credentials = stored
        }
        let serverFirst = SCRAMServerFirstMessage(
            nonce: opening.message.nonce + nonce, salt: credentials.salt, iterations: credentials.iterations)
        state = .awaitingFinalMessage(
            Negotiation(
                opening: opening, serverFirst: serverFirst, credentials: credentials, isReal: credential != nil))
        if let type = opening.bindingType { return .challengeWithChannelBinding(serverFirst.text, type: type) }
        return .challenge(serverFirst.text)
    }

    private mutating func close(
        _ message: borrowing Secret, _ negotiation: Negotiation, bindingData: [UInt8]
    ) -> MechanismStep {
        guard let bytes = message.message() else { return end(.invalidInput) }
        let first = negotiation.opening.message
        do throws(MechanismFailure) {
            let final = try SCRAMClientFinalMessage(bytes)
            let binding = Base64.encode((first.header.text + bindingData).span)
            guard equalInConstantTime(final.binding.span, binding.span) else { throw .channelBindingMismatch }
            guard final.nonce == negotiation.serverFirst.nonce else { throw .wrongNonce }
            let comma = [UInt8(ascii: ",")]
            let authMessage = first.bare + comma + negotiation.serverFirst.text + comma + final.withoutProof
            let isProven = negotiation.credentials.accepts(proof: final.proof.span, authMessage: authMessage.span)
            // Worked out for all alike, so that the time says nothing.
            let signature = negotiation.credentials.serverSignature(authMessage: authMessage.span)
            guard isProven, negotiation.isReal else { throw .wrongPassword }
            state = .ended
            return .succeed(finalMessage: Array("v=".utf8) + Base64.encode(signature.span))
        } catch {
            return end(error)
        }
    }
}
