internal import Glibc
internal import Secrets

final class CryptHash: CostlyHash {
    let text: Secret
    let cost: HashingCost

    init(text: consuming Secret, cost: HashingCost) {
        self.text = text
        self.cost = cost
    }

    func matches(
        _ password: borrowing Secret, of scheme: PasswordScheme, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Bool {
        let matches = password.withBytes { phrase -> Bool? in
            // crypt(3) would read `secret\0x` as `secret`, and it refuses longer ones.
            guard Self.isSuitable(phrase) else { return false }
            return text.withBytes { text in
                workspace.crypt(phrase, setting: text) { equalInConstantTime($0, text) }
            }
        }
        guard let matches else { throw Self.failure(errno, of: scheme) }
        return matches
    }

    static func isSuitable(_ phrase: Span<UInt8>) -> Bool {
        phrase.count <= CryptLimits.phrase && phrase.firstIndex(of: 0) == nil
    }

    static func failure(_ code: CInt, of scheme: PasswordScheme) -> PasswordSchemeError {
        switch code {
        case ENOMEM: PasswordSchemeError(.unavailable, scheme, "crypt(3) found no memory")
        default: PasswordSchemeError(.malformed, scheme, "crypt(3) refuses it")
        }
    }
}
