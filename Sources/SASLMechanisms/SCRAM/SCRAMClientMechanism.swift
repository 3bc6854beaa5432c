internal import Encodings
public import PasswordSchemes
public import Secrets

/// The client's side of SCRAM (RFC 5802, RFC 7677), with or without channel binding; it checks the server's signature.
///
/// Answering the server's first message takes as long as the server's iteration count says: milliseconds and more.
public struct SCRAMClientMechanism: ~Copyable, ClientMechanism {
    private enum State {
        case begun, awaitingServerFirst
        case awaitingSignature(expected: [UInt8])
        case verified, ended
    }

    public let name: String
    private let hash: SCRAMHash
    private var password: Secret?
    private let header: [UInt8]
    private let bare: [UInt8]
    private let nonce: [UInt8]
    private let binding: SCRAMChannelBinding
    private let iterations: ClosedRange<Int>
    private let sendsInitialResponse: Bool
    private var state = State.begun

    /// The iteration counts that a client answers to unless told otherwise.
    ///
    /// RFC 7677 section 4 asks for no fewer; the limit is about a second of a small machine.
    public static let defaultIterations = 4096...1_000_000

    /// - Parameters:
    ///   - authorizationID: as whom to act, if not as `user`: a master login.
    ///   - randomness: for the client's nonce.
    ///   - channelBinding: see there.
    ///   - iterations: the counts to answer to; fewer give the password away to a listener, more only waste time.
    ///   - preparation: verbatim for servers whose keys were derived without SASLprep, such as Dovecot's, from
    ///     passwords that SASLprep changes.
    ///   - initialResponse: false to wait for the server's empty challenge.
    /// - Throws: ``StringPreparationError`` if SASLprep forbids the name or the password.
    public init(
        _ hash: SCRAMHash, user: String, password: borrowing Secret, authorizationID: String? = nil,
        randomness: ExchangeRandomness, channelBinding: SCRAMChannelBinding = .impossible,
        iterations: ClosedRange<Int> = SCRAMClientMechanism.defaultIterations,
        preparation: StringPreparation = .saslPrep, initialResponse: Bool = true
    ) throws(StringPreparationError) {
        // All that may throw comes first: a noncopyable value can't be given up half made.
        let user = try preparation.prepare(user, as: .query)
        let target: String?
        if let authorizationID { target = try preparation.prepare(authorizationID, as: .query) } else { target = nil }
        // RFC 5802 section 5.1 has the name as a query, section 2.2 the password as a stored string.
        let password = try preparation.prepare(password, as: .stored)
        self.init(
            hash, preparedUser: user, password: password, authorizationID: target,
            nonce: randomness.nonce(count: 32), channelBinding: channelBinding, iterations: iterations,
            initialResponse: initialResponse)
    }

    package init(
        _ hash: SCRAMHash, preparedUser user: String, password: consuming Secret, authorizationID: String? = nil,
        nonce: [UInt8], channelBinding: SCRAMChannelBinding = .impossible,
        iterations: ClosedRange<Int> = SCRAMClientMechanism.defaultIterations, initialResponse: Bool = true
    ) {
        self.hash = hash
        self.nonce = nonce
        self.iterations = iterations
        self.password = consume password
        binding = channelBinding
        sendsInitialResponse = initialResponse
        let flag: String
        switch channelBinding {
        case .impossible: flag = "n"
        case .unadvertised: flag = "y"
        case .used(let binding): flag = "p=\(binding.type.rawValue)"
        }
        var name = SCRAMServerMechanism.name(hash)
        if case .used = channelBinding { name += "-PLUS" }
        self.name = name
        var header = Array("\(flag),".utf8)
        if let authorizationID { header += Array("a=".utf8) + SASLName.encode(authorizationID) }
        self.header = header + [UInt8(ascii: ",")]
        bare = Array("n=".utf8) + SASLName.encode(user) + Array(",r=".utf8) + nonce
    }

    public var channelBinding: ChannelBinding? {
        if case .used(let binding) = binding { binding } else { nil }
    }

    public mutating func initialResponse() -> Secret? {
        guard sendsInitialResponse else { return nil }
        state = .awaitingServerFirst
        return Secret(copying: (header + bare).span)
    }

    public mutating func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret {
        let message = challenge.indices.map { challenge[$0] }
        switch state {
        case .begun:
            state = .awaitingServerFirst
            return Secret(copying: (header + bare).span)
        case .awaitingServerFirst:
            return try answer(message)
        case .awaitingSignature(let expected):
            try verify(message, expected)
            return Secret(copying: Span())
        case .verified, .ended:
            throw ClientMechanismFailure("the server asks for more than \(name) has")
        }
    }

    public mutating func finish(serverMessage: [UInt8]?) throws(ClientMechanismFailure) {
        switch state {
        case .awaitingSignature(let expected):
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

    private mutating func answer(_ message: [UInt8]) throws(ClientMechanismFailure) -> Secret {
        state = .ended
        guard let server = SCRAMServerFirstMessage(message) else {
            throw ClientMechanismFailure("the server's first message is malformed, or demands an extension")
        }
        guard server.nonce.starts(with: nonce), server.nonce.count > nonce.count else {
            throw ClientMechanismFailure("the server's nonce does not begin with the client's")
        }
        guard iterations.contains(server.iterations) else {
            throw ClientMechanismFailure(
                "the server asks for \(server.iterations) iterations; "
                    + "\(iterations.lowerBound) to \(iterations.upperBound) are allowed here")
        }
        guard
            let password = password.take(),
            let keys = SCRAMClientKeys(
                password: password, salt: server.salt, iterations: server.iterations, hash: hash)
        else { throw ClientMechanismFailure("the keys can't be derived") }
        let bindingInput = header + (channelBinding?.data ?? [])
        let withoutProof = Array("c=".utf8) + Base64.encode(bindingInput.span) + Array(",r=".utf8) + server.nonce
        let comma = [UInt8(ascii: ",")]
        let authMessage = bare + comma + server.text + comma + withoutProof
        state = .awaitingSignature(expected: keys.serverSignature(authMessage: authMessage))
        let proof = Base64.encode(keys.proof(authMessage: authMessage).span)
        return Secret(copying: (withoutProof + Array(",p=".utf8) + proof).span)
    }

    private mutating func verify(_ message: [UInt8], _ expected: [UInt8]) throws(ClientMechanismFailure) {
        state = .ended
        guard message.count <= MessageLimits.message, let attributes = SCRAMAttributes(message[...]) else {
            throw ClientMechanismFailure("the server's last message is malformed")
        }
        if attributes.value("e", at: 0) != nil {
            throw ClientMechanismFailure("the server's last message is an error")
        }
        guard let text = attributes.value("v", at: 0), Array(text) == Base64.encode(expected.span) else {
            throw ClientMechanismFailure("the server does not prove that it knows the password")
        }
        state = .verified
    }
}
