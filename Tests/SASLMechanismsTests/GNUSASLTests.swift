import PasswordSchemes
import SASLMechanisms
import Secrets
import Testing

/// Logins that GNU SASL's client and server made with each other (Fixtures/make-gsasl.py).
///
/// Each side of ours is put in the place of theirs, with the same nonces.
@Suite("Exchanges recorded from GNU SASL")
struct GNUSASLTests {
    struct Recording: Sendable, CustomTestStringConvertible {
        let mechanism: String
        let user: String
        let authorizationID: String?
        let password: String
        /// In turn, without the letters that name the side.
        let messages: [String]

        var testDescription: String { "\(mechanism) \(user) \(authorizationID ?? "")" }

        init?(_ line: String) {
            let fields = line.split(separator: " ").map(String.init)
            guard fields.count > 4 else { return nil }
            func text(_ field: some StringProtocol) -> String {
                String(decoding: bytes(hexadecimal: field), as: UTF8.self)
            }
            mechanism = fields[0]
            user = text(fields[1])
            authorizationID = fields[2] == "-" ? nil : text(fields[2])
            password = text(fields[3])
            messages = fields[4...].map { text($0.dropFirst()) }
        }

        /// The value of `name=value`, without quotes, in a message.
        func value(_ name: String, in message: Int, separator: String) -> String {
            for part in messages[message].split(separator: separator) where part.hasPrefix("\(name)=") {
                return String(part.dropFirst(name.count + 1).replacing("\"", with: ""))
            }
            return ""
        }
    }

    static let recordings = fixtureLines("gsasl.txt").compactMap(Recording.init)

    static func recordings(_ mechanisms: String...) -> [Recording] {
        recordings.filter { mechanisms.contains($0.mechanism) }
    }

    /// What both ends of the recordings were told of their TLS connection.
    static let binding = ChannelBinding(type: .tlsExporter, data: Array(32..<64))

    @Test("There are recordings of each mechanism")
    func coverage() {
        #expect(Self.recordings("SCRAM-SHA-1").count == 7)
        #expect(Self.recordings("SCRAM-SHA-256").count == 7)
        #expect(Self.recordings("DIGEST-MD5").count == 6)
        #expect(Self.recordings("CRAM-MD5").count == 5)
        #expect(Self.recordings("SCRAM-SHA-1-PLUS").count == 4)
        #expect(Self.recordings("SCRAM-SHA-256-PLUS").count == 4)
    }

    @Test(
        "SCRAM clients and servers say the same to the letter, with channel binding and without",
        arguments: recordings("SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"))
    func scram(recording: Recording) throws {
        let hash = recording.mechanism.hasPrefix("SCRAM-SHA-1") ? SCRAMHash.sha1 : .sha256
        let bindsChannel = recording.mechanism.hasSuffix("-PLUS")
        let clientNonce = recording.value("r", in: 0, separator: ",")
        let nonce = recording.value("r", in: 1, separator: ",")
        #expect(nonce.hasPrefix(clientNonce) && nonce.count > clientNonce.count)

        let preparedUser = try SASLprep.prepare(recording.user, as: .query)
        let preparedPassword = try SASLprep.prepare(Secret(recording.password), as: .stored)
        var client = ClientUnderTest(
            SCRAMClientMechanism(
                hash, preparedUser: preparedUser, password: preparedPassword.clone(),
                authorizationID: recording.authorizationID, nonce: Array(clientNonce.utf8),
                channelBinding: bindsChannel ? .used(Self.binding) : .impossible))
        #expect(client.mechanism.name == recording.mechanism)
        let first = client.initialResponse()
        #expect(first == recording.messages[0])
        let final = try client.respond(to: recording.messages[1])
        #expect(final == recording.messages[2])
        try client.finish(recording.messages[3])

        var server = ExchangeUnderTest(
            SCRAMServerMechanism(
                hash, bindsChannel: bindsChannel, offersChannelBinding: bindsChannel,
                nonce: Array(nonce.utf8.dropFirst(clientNonce.utf8.count)), decoys: .forTests))
        let asked = server.step(.beginWith, recording.messages[0])
        let identity = Identity(authenticationID: preparedUser, authorizationID: recording.authorizationID)
        #expect(asked == .fetch(identity, .scram(hash)))
        let salt = decoded(recording.value("s", in: 1, separator: ","))
        let stored = SCRAMCredentials(password: preparedPassword, salt: salt, iterations: 4096, hash: hash)
        let challenge = server.fetched(stored.map { .scram($0) })
        let message = recording.messages[1]
        #expect(challenge == (bindsChannel ? .challengeWithChannelBinding(message, .tlsExporter) : .challenge(message)))
        let end =
            bindsChannel
            ? server.respond(recording.messages[2], binding: Self.binding.data)
            : server.step(.response, recording.messages[2])
        #expect(end == .succeed(recording.messages[3]))
    }

    /// GNU SASL converts a password to ISO 8859-1 if that can be done (RFC 2831 section 2.1.2.1); we and Dovecot don't.
    private func isConverted(_ recording: Recording) -> Bool {
        let scalars = recording.password.unicodeScalars
        return scalars.contains { $0.value > 127 } && scalars.allSatisfy { $0.value < 256 }
    }

    @Test("DIGEST-MD5 clients and servers compute the same", arguments: recordings("DIGEST-MD5"))
    func digestMD5(recording: Recording) throws {
        let nonce = recording.value("nonce", in: 0, separator: ", ")
        var client = ClientUnderTest(
            DigestMD5ClientMechanism(
                user: recording.user, password: Secret(recording.password),
                authorizationID: recording.authorizationID, realm: nil,
                digestURI: recording.value("digest-uri", in: 1, separator: ", "),
                nonce: Array(recording.value("cnonce", in: 1, separator: ", ").utf8)))
        let answer = try client.respond(to: recording.messages[0])
        let response = recording.value("response", in: 1, separator: ", ")
        #expect(answer.contains("response=\(response),") != isConverted(recording))

        var server = ExchangeUnderTest(
            DigestMD5ServerMechanism(nonce: Array(nonce.utf8), realms: ["example.com"], decoys: .forTests))
        _ = server.step(.begin)
        let asked = server.step(.response, recording.messages[1])
        let identity = Identity(
            authenticationID: "\(recording.user)@example.com", authorizationID: recording.authorizationID)
        let realm = Array("example.com".utf8)
        #expect(asked == .fetch(identity, .digestMD5(user: Array(recording.user.utf8), realm: realm)))
        let key = DigestMD5Key(
            user: Array(recording.user.utf8).span, realm: realm.span, password: Secret(recording.password))
        let end = server.fetched(.digestMD5(key))
        if isConverted(recording) {
            #expect(end == .fail(.wrongPassword))
            return
        }
        #expect(end == .succeed(recording.messages[2]))
        try client.finish(recording.messages[2])
    }

    @Test("CRAM-MD5 clients and servers say the same to the letter", arguments: recordings("CRAM-MD5"))
    func cramMD5(recording: Recording) throws {
        // GNU SASL prepares here, too, where RFC 2195 does not; we and Dovecot don't.
        let user = try SASLprep.prepare(recording.user, as: .query)
        let password = try SASLprep.prepare(Secret(recording.password), as: .stored)
        var client = ClientUnderTest(CramMD5ClientMechanism(user: user, password: password))
        let answer = try client.respond(to: recording.messages[0])
        #expect(answer == recording.messages[1])
        var server = ExchangeUnderTest(CramMD5ServerMechanism(challenge: recording.messages[0], decoys: .forTests))
        _ = server.step(.begin)
        let asked = server.step(.response, recording.messages[1])
        #expect(asked == .fetch(Identity(authenticationID: user), .cramMD5))
        let end = server.fetched(.cramMD5(CramMD5Context(password: password)))
        #expect(end == .succeed(nil))
    }
}
