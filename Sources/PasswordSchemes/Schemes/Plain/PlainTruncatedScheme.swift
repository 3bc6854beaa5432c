internal import Secrets

/// PLAIN-TRUNC, `N-text`: a password of which an older system kept only the first N bytes.
///
/// If the text has exactly N bytes it may have been cut, so any password that begins with it matches.
struct PlainTruncatedScheme: SchemeImplementation {
    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash {
        let (limit, start) = data.withBytes(Self.split)
        // With the limit 0 Dovecot lets every password in, which nobody can want.
        guard let limit, limit > 0, let start else {
            throw PasswordSchemeError(.malformed, scheme, "it must begin with a length and a dash")
        }
        let text = data.withBytes { Secret(copying: $0.extracting(start..<$0.count)) }
        return .cheap(PlainTruncatedHash(limit: limit, text: SharedSecret(text)))
    }

    private static func split(_ data: Span<UInt8>) -> (limit: Int?, start: Int?) {
        guard let dash = data.firstIndex(of: UInt8(ascii: "-")), dash <= 9 else { return (nil, nil) }
        return (data.extracting(0..<dash).decimal, dash + 1)
    }

    /// Dovecot writes the bare text, which it then can't read back; with a limit above the text's length the same
    /// passwords match as with PLAIN.
    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        let prefix = Array("\(password.count + 1)-".utf8)
        return password.withBytes { password in
            Secret(capacity: prefix.count + password.count) { output in
                output.append(copying: prefix.span)
                output.append(copying: password)
            }
        }
    }
}

final class PlainTruncatedHash: CheapHash {
    let limit: Int
    let text: SharedSecret

    init(limit: Int, text: SharedSecret) {
        self.limit = limit
        self.text = text
    }

    func matches(_ password: borrowing Secret, user: String) -> Bool {
        password.withBytes { password in
            text.withSecret { text in
                text.withBytes { text in
                    let isCut = text.count == limit && password.count >= limit
                    return equalInConstantTime(text, isCut ? password.extracting(0..<limit) : password)
                }
            }
        }
    }
}
