import Testing

@testable import AuthDatabases

@Suite("allow_nets")
struct AllowedNetworksTests {
    @Test(
        "Addresses are matched by prefix",
        arguments: [
            ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false), ("192.0.2.0/25,198.51.100.7", "198.51.100.7", true),
            ("192.0.2.0/25", "192.0.2.128", false), ("2001:db8::/32", "2001:db8:1::9", true),
            ("2001:db8::/33", "2001:db8:8000::1", false), ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false), ("", "192.0.2.1", false),
            ("nonsense", "192.0.2.1", false), ("192.0.2.0/33", "192.0.2.1", false), ("local", "192.0.2.1", false),
            ("::ffff:192.0.2.0/120", "192.0.2.7", true), ("::ffff:192.0.2.0/120", "::ffff:192.0.3.7", false),
            ("::ffff:192.0.2.0/95", "192.0.2.7", false),
        ])
    func networks(networks: String, address: String, isAllowed: Bool) {
        #expect(AllowedNetworks(networks).contain(address) == isAllowed)
    }

    @Test("Without an address only local is allowed")
    func local() {
        #expect(AllowedNetworks("local").contain(nil))
        #expect(!AllowedNetworks("0.0.0.0/0").contain(nil))
    }
}
