internal import Secrets

final class OTPHash: CostlyHash {
    /// RFC 2289 gives no limit; no list of one-time passwords is longer.
    static let longestSequence = 999_999

    let algorithm: DigestAlgorithm
    let sequence: Int
    let seed: [UInt8]
    let hash: Secret

    var cost: HashingCost { HashingCost(units: Double(sequence) + 300, nanoseconds: 250) }

    init?(parsing text: Span<UInt8>) {
        let blank = UInt8(ascii: " ")
        guard
            let first = text.firstIndex(of: blank),
            let second = text.firstIndex(of: blank, from: first + 1),
            let third = text.firstIndex(of: blank, from: second + 1),
            let algorithm = Self.algorithm(named: text.extracting(0..<first)),
            let sequence = text.extracting((first + 1)..<second).decimal, 0...Self.longestSequence ~= sequence,
            1...16 ~= third - second - 1,
            let hash = Hexadecimal.decode(text.extracting((third + 1)..<text.count)), hash.count == 8
        else { return nil }
        var seed: [UInt8] = []
        for index in (second + 1)..<third {
            switch text[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): seed.append(text[index])
            // RFC 2289 section 6.0: the seed is turned to small letters before it is hashed.
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): seed.append(text[index] | 0x20)
            default: return nil
            }
        }
        self.algorithm = algorithm
        self.sequence = sequence
        self.seed = seed
        self.hash = hash
    }

    private static func algorithm(named name: Span<UInt8>) -> DigestAlgorithm? {
        switch name.count {
        case 3 where name.starts(with: "md4"): .md4
        case 3 where name.starts(with: "md5"): .md5
        case 4 where name.starts(with: "sha1"): .sha1
        default: nil
        }
    }

    func matches(
        _ password: borrowing Secret, of scheme: PasswordScheme, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Bool {
        let computed = Self.compute(algorithm, seed: seed, sequence: sequence, password)
        return computed.withBytes { computed in
            hash.withBytes { equalInConstantTime($0, computed) }
        }
    }

    /// RFC 2289 section 6.0: the first hash is of seed and pass phrase, each further one of the folded hash before.
    static func compute(
        _ algorithm: DigestAlgorithm, seed: [UInt8], sequence: Int, _ password: borrowing Secret
    ) -> Secret {
        var hash = password.withBytes { fold(algorithm.digest(seed.span, $0), algorithm) }
        for _ in 0..<sequence {
            hash = fold(hash.withBytes { algorithm.digest($0) }, algorithm)
        }
        return hash
    }

    /// RFC 2289 appendix A: folded to 64 bits; SHA-1's big-endian words come out little-endian.
    private static func fold(_ digest: borrowing Secret, _ algorithm: DigestAlgorithm) -> Secret {
        digest.withBytes { digest in
            Secret(capacity: 8) { output in
                for place in 0..<8 {
                    guard algorithm == .sha1 else {
                        output.append(digest[place] ^ digest[place + 8])
                        continue
                    }
                    let source = place / 4 * 4 + 3 - place % 4
                    let third = place < 4 ? digest[source + 16] : 0
                    output.append(digest[source] ^ digest[source + 8] ^ third)
                }
            }
        }
    }
}
