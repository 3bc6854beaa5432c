internal import PasswordSchemes
internal import Secrets

/// Hashes by the names that both languages have for them.
struct TemplateDigest: Hashable, Sendable {
    let algorithm: DigestAlgorithm

    /// The name in both languages.
    var name: String { "\(algorithm)" }

    /// 2.4 has a filter of that name; others go by `hash('…')`.
    var isFilter: Bool { algorithm != .md4 }

    init?(named name: String) {
        switch name {
        case "md4": algorithm = .md4
        case "md5": algorithm = .md5
        case "sha1": algorithm = .sha1
        case "sha256": algorithm = .sha256
        case "sha384": algorithm = .sha384
        case "sha512": algorithm = .sha512
        default: return nil
        }
    }

    static let md5 = TemplateDigest(algorithm: .md5)

    private init(algorithm: DigestAlgorithm) {
        self.algorithm = algorithm
    }

    /// Bytes of a hash.
    var size: Int { algorithm.size }

    /// The hash of salt and bytes, and of salt and hash again as often as asked for.
    func hash(_ bytes: [UInt8], salt: [UInt8] = [], rounds: Int = 1) -> [UInt8] {
        var result = bytes
        for _ in 0..<max(0, rounds) {
            result = algorithm.digest(salt.span, result.span).withBytes { span in
                var copy: [UInt8] = []
                copy.reserveCapacity(span.count)
                for index in span.indices { copy.append(span[index]) }
                return copy
            }
        }
        return result
    }

    /// Keeps the first bits, moved to the right end of their bytes as Dovecot does it.
    static func truncate(_ bytes: [UInt8], bits: Int) -> [UInt8] {
        guard bytes.count * 8 >= bits else { return bytes }
        guard bits > 0 else { return [] }
        var result = Array(bytes.prefix((bits + 7) / 8))
        let odd = bits % 8
        guard odd > 0 else { return result }
        for index in stride(from: result.count - 1, through: 0, by: -1) {
            let above = index > 0 ? (result[index - 1] & (0xFF >> odd)) << odd : 0
            result[index] = result[index] >> (8 - odd) &+ above
        }
        return result
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
