@testable import AuthDatabases

/// A list of networks and an address: the first line and the rest.
enum AllowedNetworksTarget {
    static func run(_ input: Span<UInt8>) throws(BrokenRule) {
        let parts = input.array.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        let networks = AllowedNetworks(parts[0].text)
        let address = parts.count > 1 ? parts[1].text : "192.0.2.1"
        _ = networks.contain(address)
        _ = networks.contain(nil)
        // One more network never shuts anybody out.
        if networks.contain(address) {
            try demand(AllowedNetworks(parts[0].text + ",203.0.113.9/32").contain(address), "a longer list allows less")
        }
    }
}
