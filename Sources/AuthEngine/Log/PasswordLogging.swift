internal import PasswordSchemes
internal import Secrets

/// What the log shows of the password of a failed login (`auth_verbose_passwords`).
public struct PasswordLogging: Sendable, Hashable {
    public enum Form: Sendable, Hashable {
        case nothing
        case plain
        /// The SHA-1 in hexadecimal digits: tells whether somebody tries one password or many.
        case sha1
    }

    public var form: Form
    /// Only so many bytes or digits of it.
    public var length: Int

    public init(_ form: Form = .nothing, length: Int? = nil) {
        self.form = form
        // Dovecot's limit.
        self.length = min(max(1, length ?? 1024), 1024)
    }

    /// Dovecot's words, with a blank before them.
    func text(_ password: borrowing Secret) -> String {
        switch form {
        case .nothing:
            ""
        case .plain:
            " (given password: \(LogText.safe(bytes(password), limit: length)))"
        case .sha1:
            " (SHA1 of given password: \(digits(password.withBytes { DigestAlgorithm.sha1.digest($0) })))"
        }
    }

    private func bytes(_ password: borrowing Secret) -> String {
        password.withBytes { bytes in
            var first: [UInt8] = []
            for index in bytes.indices.prefix(length) { first.append(bytes[index]) }
            return String(decoding: first, as: UTF8.self)
        }
    }

    private func digits(_ digest: borrowing Secret) -> String {
        digest.withBytes { bytes in
            var digits = ""
            for index in bytes.indices {
                digits += String(bytes[index] >> 4, radix: 16) + String(bytes[index] & 15, radix: 16)
            }
            return String(digits.prefix(length))
        }
    }
}
