internal import PasswordSchemes
internal import Secrets

/// What `gatepost pw` does, in the words of `doveadm pw` 2.3.
struct Pw {
    /// Takes text for standard output; a hash may be the password itself, so that no string is made of it.
    let output: (Span<UInt8>) -> Void

    /// doveadm's exit code for everything that goes wrong here: EX_TEMPFAIL.
    static let failure: Int32 = 75

    /// Prints a new hash, and with `isVerified` reads it back first.
    func generate(
        _ password: borrowing Secret, by generator: PwGenerator, isVerified: Bool
    ) throws(PwError) {
        let text = try generator.generate(password)
        if isVerified {
            let stored = try text.withBytes { (text) throws(PwError) in
                try Self.parse(text, defaultScheme: generator.scheme.scheme)
            }
            try verify(password, stored, user: generator.user)
        }
        show(text, isVerified: isVerified)
    }

    /// Prints the hash if it is the password's.
    ///
    /// - Parameter scheme: of a hash that doesn't name its own, which doveadm would not take.
    func test(_ hash: String, _ password: borrowing Secret, scheme: PwScheme?, user: String) throws(PwError) {
        let text = Array(hash.utf8)
        // Dovecot takes $1$ for MD5-CRYPT wherever it stands.
        let hasScheme = text.first == UInt8(ascii: "{") && text.contains(UInt8(ascii: "}"))
        var prefix = ""
        if !hasScheme {
            if hash.hasPrefix("$1$") {
                prefix = "{MD5-CRYPT}"
            } else if let scheme {
                prefix = "{\(scheme.scheme.name)}"
            } else {
                throw PwError(description: "Missing {scheme} prefix from hash; name the scheme with -s")
            }
        }
        let whole = Secret(copying: (Array(prefix.utf8) + text).span)
        let stored = try whole.withBytes { (text) throws(PwError) in try Self.parse(text, defaultScheme: .crypt) }
        try verify(password, stored, user: user)
        show(whole, isVerified: true)
    }

    /// Prints the names of all schemes.
    func list() {
        output(Array((PasswordScheme.all.map(\.name).joined(separator: " ") + "\n").utf8).span)
    }

    private static func parse(
        _ text: Span<UInt8>, defaultScheme: PasswordScheme
    ) throws(PwError) -> StoredPassword {
        do throws(PasswordSchemeError) {
            return try StoredPassword(parsing: text, defaultScheme: defaultScheme)
        } catch {
            throw PwError(description: "reverse decode check failed: \(error)")
        }
    }

    private func verify(_ password: borrowing Secret, _ stored: StoredPassword, user: String) throws(PwError) {
        var workspace = HashingWorkspace()
        let isRight: Bool
        do throws(PasswordSchemeError) {
            isRight = try stored.verify(password, user: user, using: &workspace)
        } catch {
            throw PwError(description: "reverse password verification check failed: \(error)")
        }
        guard isRight else {
            throw PwError(description: "reverse password verification check failed: Password mismatch")
        }
    }

    private func show(_ text: borrowing Secret, isVerified: Bool) {
        let end = Array((isVerified ? " (verified)\n" : "\n").utf8)
        let line = text.withBytes { text in
            Secret(capacity: text.count + end.count) { line in
                for index in text.indices { line.append(text[index]) }
                for byte in end { line.append(byte) }
            }
        }
        line.withBytes(output)
    }
}
