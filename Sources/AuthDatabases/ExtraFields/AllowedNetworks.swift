internal import Glibc

/// The networks of an `allow_nets` field: addresses and prefixes, separated by commas, and `local`.
struct AllowedNetworks {
    private let words: [Substring]

    init(_ text: String) {
        words = text.split { $0 == "," || $0 == " " }
    }

    /// Whether a login from `address` is allowed; without an address only by `local`.
    ///
    /// - Parameter isUnreadable: called for each word that is no network, up to the one that allows the login.
    func contain(_ address: String?, isUnreadable: (Substring) -> Void = { _ in }) -> Bool {
        // What isn't an address is none.
        let bytes = address.flatMap { Self.bytes($0) }
        return words.contains { word in
            guard word != "local" else { return address == nil }
            guard let network = Self.network(word) else {
                isUnreadable(word)
                return false
            }
            return bytes.map { Self.contains(network, $0) } ?? false
        }
    }

    private static func contains(_ network: (base: [UInt8], bits: Int), _ address: [UInt8]) -> Bool {
        let (base, bits) = network
        guard base.count == address.count else { return false }
        for index in base.indices {
            let left = bits - index * 8
            guard left > 0 else { break }
            let mask: UInt8 = left >= 8 ? 0xff : ~(0xff >> UInt8(left))
            if base[index] & mask != address[index] & mask { return false }
        }
        return true
    }

    private static func network(_ text: Substring) -> (base: [UInt8], bits: Int)? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = bytes(String(parts[0])) else { return nil }
        guard parts.count == 2 else { return (base, base.count * 8) }
        guard let number = Int(parts[1]) else { return nil }
        // The prefix of an IPv4 network in IPv6's clothes counts its 96 bits, too.
        let bits = base.count == 4 && parts[0].contains(":") ? number - 96 : number
        return (0...base.count * 8).contains(bits) ? (base, bits) : nil
    }

    /// Four or sixteen bytes; an IPv4 address in IPv6's clothes is an IPv4 address.
    private static func bytes(_ text: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        // inet_pton writes as many bytes as its family has.
        if unsafe inet_pton(AF_INET, text, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        return sixteen.starts(with: mapped) ? Array(sixteen.suffix(4)) : sixteen
    }
}
