import PasswordSchemes
import Secrets

/// A password field of any scheme: it is read or refused, its cost is known, and a cheap one is verified.
///
/// Up to the first LF it is the field, behind it the password that is tried.
enum StoredPasswordTarget {
    static func run(_ input: Span<UInt8>) throws(BrokenRule) {
        let lines = input.array.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        let password = (lines.count > 1 ? lines[1] : []).secret
        let field = Array(lines.first ?? [])
        for scheme in [PasswordScheme.crypt, .plain] {
            let cost: HashingCost
            do throws(PasswordSchemeError) {
                let stored = try StoredPassword(parsing: field.span, defaultScheme: scheme)
                cost = stored.estimatedCost
                if stored.cost == .cheap { _ = try stored.verifyCheaply(password, user: "tim@example.com") }
                _ = stored.cramMD5Context
                _ = stored.digestMD5Key(login: "tim@example.com")
                for hash in SCRAMHash.allCases { _ = stored.scramCredentials(hash) }
            } catch {
                // What stands in an error may be logged: nothing of a field but a scheme's name.
                try demand(error.description.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "an error with odd characters")
                continue
            }
            try demand(cost.time >= .zero && cost.memory >= 0, "a cost below zero")
        }
    }
}
