import DovecotConfiguration
import Foundation
import Testing

/// No setting is promised that there isn't.
@Suite("Settings that the documents name")
struct DocumentedSettingsTests {
    @Test("Every setting that the documents name exists, and none of those is refused", arguments: [
        "docs/differences.md", "README.md",
    ])
    func documents(path: String) throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
        let known = SettingTable.definitions.filter { if case .refused = $0.status { false } else { true } }
        let names = Set(known.map(\.name) + known.compactMap(\.newName))
        // A field of replies, and words of other programs' configurations.
        let others: Set<String> = ["auth_token", "auth_clients", "auth_destination"]
        var found = 0
        for match in text.matches(of: #/(?:^|[^A-Za-z_])((?:auth|gatepost)_[a-z_]*[a-z])(_\*)?/#) {
            let (name, isPattern) = (String(match.output.1), match.output.2 != nil)
            guard !others.contains(name) else { continue }
            found += 1
            #expect(
                names.contains(name) || (isPattern && names.contains { $0.hasPrefix(name + "_") }),
                "\(path) names \(name), which is no setting")
        }
        #expect(found > 0)
    }
}
