internal import Encodings
internal import Glibc

/// The address under which failures are counted: all of an IPv4 address, the first 48 bits of an IPv6 address.
///
/// A house has a /48 or a /64 of IPv6 addresses, and a count for each of them would be none, as Dovecot says.
struct PenaltyAddress: Hashable, Sendable {
    private let number: UInt64

    /// nil if `text` is no address: nobody shares a count with those of whom nothing is known.
    init?(_ text: String) {
        // In place: while there are penalties each login asks.
        let letters = text.utf8.span
        guard letters.firstIndex(of: UInt8(ascii: ":"), in: letters.indices) != nil else {
            var four = InlineArray<4, UInt8>(repeating: 0)
            // inet_pton writes as many bytes as its family has.
            guard unsafe text.withCString({ unsafe inet_pton(AF_INET, $0, &four) }) == 1 else { return nil }
            number = Self.number(four.span)
            return
        }
        var sixteen = InlineArray<16, UInt8>(repeating: 0)
        // A zone names an interface of this machine, which inet_pton doesn't know.
        let zone = letters.firstIndex(of: UInt8(ascii: "%"), in: letters.indices)
        let address = zone == nil ? text : String(text.prefix { $0 != "%" })
        // As above.
        guard unsafe address.withCString({ unsafe inet_pton(AF_INET6, $0, &sixteen) }) == 1 else { return nil }
        let bytes = sixteen.span
        if Self.isMapped(bytes) {
            // An IPv4 address in IPv6's clothes; Dovecot counts all of these as one.
            number = Self.number(bytes.extracting(12..<16))
        } else {
            number = 1 << 63 | Self.number(bytes.extracting(0..<6))
        }
    }

    /// ::ffff:0:0/96
    private static func isMapped(_ bytes: Span<UInt8>) -> Bool {
        for index in 0..<10 where bytes[index] != 0 { return false }
        return bytes[10] == 0xff && bytes[11] == 0xff
    }

    private static func number(_ bytes: Span<UInt8>) -> UInt64 {
        var number: UInt64 = 0
        for index in bytes.indices { number = number << 8 | UInt64(bytes[index]) }
        return number
    }
}
