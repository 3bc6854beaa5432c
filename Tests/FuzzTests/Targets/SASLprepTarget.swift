import SASLMechanisms
import Secrets

/// A text of any bytes: it is refused, or prepared; prepared once more for the same purpose, nothing changes.
enum SASLprepTarget {
    static func run(_ input: Span<UInt8>) throws(BrokenRule) {
        for purpose in [SASLprep.Purpose.query, .stored] {
            guard let prepared = try? SASLprep.prepare(Secret(copying: input), as: purpose) else { continue }
            let bytes = prepared.array
            try demand(String(validating: bytes, as: UTF8.self) != nil, "not UTF-8")
            try demand((try? SASLprep.prepare(prepared, as: purpose))?.array == bytes, "not idempotent")
        }
    }
}
