import PasswordSchemes
import Secrets

/// Parses a field and verifies a password against it with a fresh workspace.
func verify(
    _ password: [UInt8], against field: String, user: String = "tim@example.com",
    default scheme: PasswordScheme = .plain, limits: HashingLimits = HashingLimits()
) throws(PasswordSchemeError) -> Bool {
    var workspace = HashingWorkspace(limits: limits)
    let stored = try StoredPassword(parsing: Array(field.utf8).span, defaultScheme: scheme)
    return try stored.verify(Secret(copying: password.span), user: user, using: &workspace)
}

func verify(
    _ password: String, against field: String, user: String = "tim@example.com", default scheme: PasswordScheme = .plain
) throws(PasswordSchemeError) -> Bool {
    try verify(Array(password.utf8), against: field, user: user, default: scheme)
}

/// The text `{SCHEME}data` for a new password.
func generate(
    _ scheme: PasswordScheme, _ password: [UInt8], user: String = "tim@example.com",
    _ parameters: HashingParameters = HashingParameters(), limits: HashingLimits = HashingLimits()
) throws(PasswordSchemeError) -> String {
    var workspace = HashingWorkspace(limits: limits)
    let text = try scheme.generate(
        Secret(copying: password.span), user: user, parameters: parameters, using: &workspace)
    return text.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
}
