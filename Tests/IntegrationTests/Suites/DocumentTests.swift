import Testing

/// What the documents say of the tests.
@Suite("The documents and the tests")
struct DocumentTests {
    @Test("Every suite that the documents name exists")
    func suites() throws {
        let declared = try words(["-rhoE", #"(struct|class|enum) [A-Z][A-Za-z0-9]*Tests\b"#, "\(Places.repository)/Tests"])
        let suites = Set(declared.compactMap { $0.split(separator: " ").last.map(String.init) })
        let documents = ["README.md", "docs", "Sources", "Fuzz/README.md", "Examples"].map { "\(Places.repository)/\($0)" }
        let named = try words(["-rhowE", "--include=*.md", "[A-Z][A-Za-z0-9]*[a-z]Tests"] + documents)
            .filter { !Places.exists("\(Places.repository)/Tests/\($0)") }
        #expect(named.count >= 20)
        #expect(Set(named).subtracting(suites) == [], "documents name suites that don't exist")
    }

    @Test("The twenty rules have a row each, and the test that has each of them says its number")
    func rules() throws {
        let table = try #require(TextFile.read("\(Places.repository)/docs/client-rules.md"))
        let rows = table.matches(of: /\n\| (\d+) \|/).compactMap { Int($0.output.1) }
        #expect(rows == Array(1...20))
        let tests = try #require(TextFile.read("\(Places.repository)/Tests/IntegrationTests/Suites/ClientRulesTests.swift"))
        let numbers = tests.matches(of: /"Rules? ([0-9, and]+):/).flatMap { match in
            match.output.1.split { !$0.isNumber }.compactMap { Int($0) }
        }
        #expect(numbers.sorted() == Array(1...20))
    }

    private func words(_ arguments: [String]) throws -> [String] {
        let outcome = try ChildProcess.run(["grep"] + arguments)
        try #require(outcome.succeeded, "\(outcome)")
        return outcome.output.split(separator: "\n").map(String.init)
    }
}
