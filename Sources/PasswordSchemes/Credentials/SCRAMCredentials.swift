internal import Encodings
public import Secrets

/// What a server keeps of a password for SCRAM (RFC 5802 section 3): salt, iterations, StoredKey and ServerKey.
///
/// The password can't be had back from it, but whoever has it can pose as the server.
public struct SCRAMCredentials: Sendable {
    /// The hash function.
    public let hash: SCRAMHash

    /// The iteration count, sent to the client.
    public let iterations: Int

    /// The salt, sent to the client.
    public let salt: [UInt8]

    /// H(ClientKey).
    public let storedKey: SharedSecret

    /// HMAC(SaltedPassword, "Server Key").
    public let serverKey: SharedSecret

    /// The iteration counts that Dovecot accepts in stored data; RFC 5802 section 5.1 asks for no fewer.
    public static let iterationRange = 4096...Int(Int32.max)

    /// Derives the keys from a password: costly, some milliseconds and more.
    ///
    /// The bytes are taken as they are: like Dovecot, this does no SASLprep.
    ///
    /// - Returns: nil if there are no iterations, or more than 32 bits can count.
    public init?(password: borrowing Secret, salt: [UInt8], iterations: Int, hash: SCRAMHash) {
        let derivation = hash.derivation
        let salted = password.withBytes { derivation.pbkdf2($0, salt: salt.span, rounds: iterations) }
        guard let salted else { return nil }
        self.hash = hash
        self.iterations = iterations
        self.salt = salt
        let clientKey = salted.withBytes { derivation.hmac(key: $0, Self.clientLabel.span) }
        storedKey = SharedSecret(clientKey.withBytes { derivation.digest.digest($0) })
        serverKey = SharedSecret(salted.withBytes { derivation.hmac(key: $0, Self.serverLabel.span) })
    }

    package init(hash: SCRAMHash, iterations: Int, salt: [UInt8], storedKey: SharedSecret, serverKey: SharedSecret) {
        self.hash = hash
        self.iterations = iterations
        self.salt = salt
        self.storedKey = storedKey
        self.serverKey = serverKey
    }

    /// Reads Dovecot's `iterations,salt,StoredKey,ServerKey`, the last three in base64; nil if it is anything else.
    public init?(parsing text: Span<UInt8>, hash: SCRAMHash) {
        let comma = UInt8(ascii: ",")
        guard
            let first = text.firstIndex(of: comma),
            let second = text.firstIndex(of: comma, from: first + 1),
            let third = text.firstIndex(of: comma, from: second + 1),
            let iterations = text.extracting(0..<first).decimal, Self.iterationRange ~= iterations,
            let salt = Base64.decode(text.extracting((first + 1)..<second)),
            let storedKey = Base64.decode(text.extracting((second + 1)..<third)), storedKey.count == hash.size,
            let serverKey = Base64.decode(text.extracting((third + 1)..<text.count)), serverKey.count == hash.size
        else { return nil }
        self.hash = hash
        self.iterations = iterations
        self.salt = salt.withBytes { Array(copying: $0) }
        self.storedKey = SharedSecret(storedKey)
        self.serverKey = SharedSecret(serverKey)
    }

    /// `iterations,salt,StoredKey,ServerKey`, as ``init(parsing:hash:)`` reads it.
    public var text: Secret {
        let front = Array("\(iterations),".utf8) + Base64.encode(salt.span) + [UInt8(ascii: ",")]
        let keySize = (hash.size + 2) / 3 * 4
        return Secret(capacity: front.count + 2 * keySize + 1) { output in
            output.append(copying: front.span)
            Self.append(storedKey, to: &output)
            output.append(UInt8(ascii: ","))
            Self.append(serverKey, to: &output)
        }
    }

    private static func append(_ key: SharedSecret, to output: inout OutputSpan<UInt8>) {
        var text = key.withSecret { key in key.withBytes { Base64.encode($0) } }
        output.append(copying: text.span)
        wipe(&text)
    }

    /// Whether a client's proof shows that it knows the password (RFC 5802 section 3); cheap.
    ///
    /// - Parameters:
    ///   - proof: ClientProof, decoded.
    ///   - authMessage: The three messages joined by commas, without the proof.
    public func accepts(proof: Span<UInt8>, authMessage: Span<UInt8>) -> Bool {
        guard proof.count == hash.size else { return false }
        return storedKey.withSecret { storedKey in
            storedKey.withBytes { storedKey in
                let signature = hash.derivation.hmac(key: storedKey, authMessage)
                let clientKey = signature.withBytes { signature in
                    Secret(capacity: proof.count) { output in
                        for index in proof.indices { output.append(proof[index] ^ signature[index]) }
                    }
                }
                let computed = clientKey.withBytes { hash.derivation.digest.digest($0) }
                return computed.withBytes { equalInConstantTime($0, storedKey) }
            }
        }
    }

    /// ServerSignature, by which the client sees that the server knows its password; cheap.
    public func serverSignature(authMessage: Span<UInt8>) -> [UInt8] {
        serverKey.withSecret { serverKey in
            serverKey.withBytes { serverKey in
                hash.derivation.hmac(key: serverKey, authMessage).withBytes { Array(copying: $0) }
            }
        }
    }

    private static let clientLabel = Array("Client Key".utf8)
    private static let serverLabel = Array("Server Key".utf8)
}
