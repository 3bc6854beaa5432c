internal import Glibc

/// The address under which failures are counted: all of an IPv4 address, the first 48 bits of an IPv6 address.
///
/// A house has a /48 or a /64 of IPv6 addresses, and a count for each of them would be none, as Dovecot says.
struct PenaltyAddress: Hashable, Sendable {
    private let number: UInt64

    /// nil if `text` is no address: nobody shares a count with those of whom nothing is known.
    init?(_ text: String) {
        var four = [UInt8](repeating: 0, count: 4)
        // inet_pton writes as many bytes as its family has.
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            number = Self.number(four)
            return
        }
        var sixteen = [UInt8](repeating: 0, count: 16)
        // A zone names an interface of this machine, which inet_pton doesn't know.
        let address = text.prefix { $0 != "%" }
        guard unsafe inet_pton(AF_INET6, String(address), &sixteen) == 1 else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        if sixteen.starts(with: mapped) {
            // An IPv4 address in IPv6's clothes; Dovecot counts all of these as one.
            number = Self.number(sixteen[12...])
        } else {
            number = 1 << 63 | Self.number(sixteen[..<6])
        }
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
