import Encodings
import Secrets

/// The bytes of a text in base64.
func decoded(_ text: String) -> [UInt8] {
    guard let secret = Base64.decode(Array(text.utf8).span) else { return [] }
    return secret.withBytes { bytes in bytes.indices.map { bytes[$0] } }
}
