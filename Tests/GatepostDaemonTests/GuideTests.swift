import DovecotConfiguration
import Testing

@testable import GatepostDaemon

/// Configurations as the best-known guides for Dovecot have them, in 2.3's and 2.4's words.
@Suite("Guides for Dovecot")
struct GuideTests {
    @Test("There are guides of both kinds, in the words of both")
    func count() {
        let guides = Guide.names.map { Guide($0) }
        #expect(guides.count >= 15)
        for isServed in [true, false] {
            let names = guides.filter { $0.isServed == isServed }.map(\.name)
            #expect(names.contains { $0.hasSuffix("-2.4") } && names.contains { !$0.hasSuffix("-2.4") })
        }
    }

    @Test("Each is served or refused, and its reader is told what is not as with Dovecot and what to do", arguments: Guide.names)
    func guide(name: String) {
        let guide = Guide(name)
        var isServed = true
        var messages: [String] = []
        do {
            let loaded = try AuthConfiguration.load(path: "/etc/dovecot/dovecot.conf", files: guide)
            messages = loaded.notices
            messages += try ServerPlan(loaded.configuration, pool: nil) { _ in }.notices
        } catch let errors as ConfigurationErrors {
            isServed = false
            messages = errors.entries.map(\.description)
        } catch {
            isServed = false
            messages.append("\(error)")
        }
        #expect(isServed == guide.isServed)
        #expect(messages == guide.messages)
        // Whoever is refused can find the place.
        if !isServed { #expect(messages.allSatisfy { $0.hasPrefix("/etc/dovecot/") }) }
    }
}
