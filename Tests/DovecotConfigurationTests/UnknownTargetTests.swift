import DovecotConfiguration
import Testing

@Suite("gatepost_master_unknown_targets")
struct UnknownTargetTests {
    @Test("is off, read, and printed again")
    func roundTrip() throws {
        #expect(!(try load("auth_verbose = yes\n").configuration.admitsUnknownTargets))
        let loaded = try load("gatepost_master_unknown_targets = yes\n")
        #expect(loaded.configuration.admitsUnknownTargets)
        #expect(ConfigurationPrinter().text(loaded.configuration).contains("gatepost_master_unknown_targets = yes\n"))
    }
}
