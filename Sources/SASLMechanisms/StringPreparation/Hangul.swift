/// Hangul syllables, which are computed (The Unicode Standard, section 3.12).
enum Hangul {
    private static let syllables: UInt32 = 0xac00
    private static let leads: UInt32 = 0x1100
    private static let vowels: UInt32 = 0x1161
    /// One before the first: no trail at all is one of the 28.
    private static let trails: UInt32 = 0x11a7
    private static let leadCount: UInt32 = 19
    private static let vowelCount: UInt32 = 21
    private static let trailCount: UInt32 = 28

    static func isSyllable(_ scalar: UInt32) -> Bool {
        (syllables..<syllables + leadCount * vowelCount * trailCount).contains(scalar)
    }

    /// Lead, vowel and, if there is one, trail of a syllable.
    static func parts(_ syllable: UInt32) -> (lead: UInt32, vowel: UInt32, trail: UInt32?) {
        let place = syllable - syllables
        let trail = place % trailCount
        return (
            leads + place / (vowelCount * trailCount), vowels + place % (vowelCount * trailCount) / trailCount,
            trail == 0 ? nil : trails + trail
        )
    }

    static func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if (leads..<leads + leadCount).contains(first), (vowels..<vowels + vowelCount).contains(second) {
            return syllables + ((first - leads) * vowelCount + second - vowels) * trailCount
        }
        if isSyllable(first), (first - syllables) % trailCount == 0,
            (trails + 1..<trails + trailCount).contains(second) {
            return first + second - trails
        }
        return nil
    }
}
