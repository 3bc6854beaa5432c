internal import Secrets

/// Unicode scalars of a text that may be a password; overwritten at the end.
///
/// A class, because its array has no other owner when it is overwritten: a copy would be overwritten instead.
final class WipedScalars {
    /// Never more than the capacity, or a copy stays behind in memory.
    var scalars: [UInt32] = []

    init(capacity: Int) {
        scalars.reserveCapacity(capacity)
    }

    deinit {
        // The pointer stays inside the closure.
        unsafe scalars.withUnsafeMutableBytes { bytes in unsafe wipe(bytes) }
    }

    /// Appends the scalars of `text`, mapped as RFC 4013 section 2.1 says; false if it isn't UTF-8.
    func append(_ text: Span<UInt8>, except removed: ScalarRanges, spaces: ScalarRanges) -> Bool {
        guard let text = try? UTF8Span(validating: text) else { return false }
        var iterator = text.makeUnicodeScalarIterator()
        while let scalar = iterator.next()?.value {
            if removed.contains(scalar) { continue }
            scalars.append(spaces.contains(scalar) ? 0x20 : scalar)
        }
        return true
    }

    var utf8: Secret {
        Secret(capacity: 4 * scalars.count) { output in
            for scalar in scalars {
                guard let scalar = Unicode.Scalar(scalar) else { continue }
                for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { output.append(byte) }
            }
        }
    }
}
