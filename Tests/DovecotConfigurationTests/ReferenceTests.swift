import DovecotConfiguration
import Foundation
import Testing

@Suite("The table of settings")
struct ReferenceTests {
    @Test("is what the documentation shows; run with GATEPOST_WRITE_SETTINGS=1 to write Settings.md anew")
    func documentation() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(root)/Sources/DovecotConfiguration/Documentation.docc/Settings.md"
        var page = String(decoding: try LocalConfigurationFiles().read(path), as: UTF8.self)
        if ProcessInfo.processInfo.environment["GATEPOST_WRITE_SETTINGS"] != nil {
            let end = try #require(page.range(of: "## Outside sections"))
            page = page[..<end.lowerBound] + SettingTable.reference
            try page.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(page.hasSuffix(SettingTable.reference))
    }

    @Test("names each setting once in its section")
    func unique() {
        for section in SettingDefinition.Section.allCases {
            let definitions = SettingTable.definitions.filter { $0.section == section }
            let names = definitions.map(\.name) + definitions.compactMap(\.newName)
            #expect(Set(names).count == names.count)
        }
    }

    @Test("says a line about each setting")
    func summaries() {
        #expect(SettingTable.definitions.allSatisfy { $0.summary.hasSuffix(".") && !$0.summary.contains("\n") })
    }
}
