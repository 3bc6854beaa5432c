/// A kind of crypt(3) hash; see crypt(5).
public enum CryptMethod: Sendable, Hashable, CaseIterable {
    case yescrypt
    case gostYescrypt
    case scrypt
    case bcrypt
    case sha512
    case sha256
    case sha1
    case sunMD5
    case md5
    case bsdi
    case des
    case nt

    /// What crypt_gensalt(3) calls it, which is also how its hashes begin.
    var prefix: String {
        switch self {
        case .yescrypt: "$y$"
        case .gostYescrypt: "$gy$"
        case .scrypt: "$7$"
        // As Dovecot writes it; $2b$ means the same.
        case .bcrypt: "$2y$"
        case .sha512: "$6$"
        case .sha256: "$5$"
        case .sha1: "$sha1"
        case .sunMD5: "$md5"
        case .md5: "$1$"
        case .bsdi: "_"
        case .des: ""
        case .nt: "$3$"
        }
    }

    /// The method of a stored hash, going by how it begins; nil if nobody knows it.
    init?(of hash: Span<UInt8>) {
        if hash.starts(with: "$2"), hash.count > 3, hash[3] == UInt8(ascii: "$") {
            switch hash[2] {
            case UInt8(ascii: "a"), UInt8(ascii: "b"), UInt8(ascii: "x"), UInt8(ascii: "y"): self = .bcrypt
            default: return nil
            }
            return
        }
        let marked: [CryptMethod] = [
            .yescrypt, .gostYescrypt, .scrypt, .sha512, .sha256, .sha1, .sunMD5, .md5, .bsdi, .nt,
        ]
        if let method = marked.first(where: { hash.starts(with: $0.prefix) }) {
            self = method
        } else if hash.count >= 2, Self.isDESSalt(hash[0]), Self.isDESSalt(hash[1]) {
            self = .des
        } else {
            return nil
        }
    }

    private static func isDESSalt(_ byte: UInt8) -> Bool { CryptDigits.value(of: byte) != nil }

    /// Whether Dovecot 2.4 counts such CRYPT data as weak: DES and MD5, that is whatever has no `$` or begins `$1`.
    static func isWeak(_ hash: Span<UInt8>) -> Bool {
        hash.count > 1 && (hash[0] != UInt8(ascii: "$") || hash[1] == UInt8(ascii: "1"))
    }
}
