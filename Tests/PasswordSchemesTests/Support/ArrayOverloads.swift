import PasswordSchemes
import Secrets

// The macros of Swift Testing take no spans and nothing noncopyable apart, so tests pass arrays.

func parse(_ field: String, default scheme: PasswordScheme = .plain) throws(PasswordSchemeError) -> StoredPassword {
    try StoredPassword(parsing: Array(field.utf8).span, defaultScheme: scheme)
}

func scheme(named bytes: [UInt8]) -> PasswordScheme? { PasswordScheme(named: bytes.span) }

extension StoredPassword {
    func verifyCheaply(_ password: String, user: String = "tim@example.com") throws(PasswordSchemeError) -> Bool {
        try verifyCheaply(Secret(copying: Array(password.utf8).span), user: user)
    }

    func verify(_ password: [UInt8], using workspace: inout HashingWorkspace) throws(PasswordSchemeError) -> Bool {
        try verify(Secret(copying: password.span), user: "tim@example.com", using: &workspace)
    }
}

extension SCRAMCredentials {
    init?(_ password: String, salt: [UInt8], _ hash: SCRAMHash) {
        self.init(password: Secret(copying: Array(password.utf8).span), salt: salt, iterations: 4096, hash: hash)
    }

    func accepts(_ proof: [UInt8], for message: [UInt8]) -> Bool {
        accepts(proof: proof.span, authMessage: message.span)
    }

    func signature(for message: [UInt8]) -> [UInt8] { serverSignature(authMessage: message.span) }
}

extension CramMD5Context {
    func answer(to challenge: [UInt8]) -> String { String(decoding: response(to: challenge.span), as: UTF8.self) }

    func accepts(_ response: some StringProtocol, to challenge: [UInt8]) -> Bool {
        accepts(response: Array(response.utf8).span, to: challenge.span)
    }
}

extension SharedSecret {
    /// The bytes in the open; only for tests.
    var bytes: [UInt8] { withSecret { $0.withBytes { bytes in bytes.indices.map { bytes[$0] } } } }
}
