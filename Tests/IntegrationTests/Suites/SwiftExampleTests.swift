import Testing

/// The examples in the README and in the modules' documentation, as somebody would paste them into a `main.swift`.
@Suite("The documents' Swift examples", .enabled(if: SwiftExample.compiler != nil, "needs swiftc"), .serialized)
struct SwiftExampleTests {
    @Test("All are found")
    func all() {
        #expect(SwiftExample.all.count >= 11)
        #expect(Set(SwiftExample.supplements.keys).isSubset(of: SwiftExample.all.map(\.description)))
    }

    @Test("Each compiles as it is written", .timeLimit(.minutes(5)), arguments: SwiftExample.all)
    func compiles(example: SwiftExample) throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        try directory.write(try example.program(), to: "main.swift")
        let modules = try Self.moduleMaps().flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
        // As far as the machine-independent form, for that is where it comes out who may consume what.
        let outcome = try ChildProcess.run(
            [try #require(SwiftExample.compiler), "-emit-sil", "-o", "/dev/null", "-swift-version", "6"]
                + ["-module-cache-path", "\(Places.build)/ModuleCache", "-I", "\(Places.build)/Modules"] + modules
                + ["\(directory.path)/main.swift"],
            within: .seconds(240))
        #expect(outcome.succeeded && !outcome.errors.contains("warning:"), "\(outcome)")
    }

    /// Those of the C modules that ours are built with: SwiftPM makes one where a package has none.
    private static func moduleMaps() throws -> [String] {
        let own = try ChildProcess.run(["find", "-L", Places.build, "-maxdepth", "2", "-name", "module.modulemap"])
        let others = try ChildProcess.run(
            ["find", "-L", "\(Places.repository)/Sources", "\(Places.build)/../../checkouts"]
                + ["-name", "module.modulemap", "-path", "*/Sources/*", "-not", "-path", "*/Benchmarks/*"])
        return (own.output + others.output).split(separator: "\n").map(String.init)
    }
}

/// A block of Swift in a document.
struct SwiftExample: Sendable, CustomTestStringConvertible {
    let document: String
    /// From 1, within the document.
    let number: Int
    let text: String

    var description: String { "\(document) \(number)" }
    var testDescription: String { description }

    static let all: [SwiftExample] = {
        let names = try? ChildProcess.run(
            ["grep", "-rl", "--include=*.md", "^```swift$"]
                + ["README.md", "docs", "Sources"].map { "\(Places.repository)/\($0)" })
        let paths = (names?.output ?? "").split(separator: "\n").map(String.init).sorted()
        return paths.flatMap { path in
            let blocks = (TextFile.read(path) ?? "").matches(of: /```swift\n((?s:.)*?)```/).map(\.output.1)
            return blocks.enumerated().map { index, block in
                SwiftExample(
                    document: String(path.split(separator: "/").last ?? ""), number: index + 1, text: String(block))
            }
        }
    }()

    /// Where the swiftc is that has built this.
    static let compiler: String? = (Places.environment("PATH") ?? "").split(separator: ":")
        .map { "\($0)/swiftc" }.first(where: Places.exists)

    /// What stands for the reader's own part: words to be replaced, and lines to be added.
    static let supplements: [String: (words: [String: String], lines: String)] = [
        "PasswordSchemes.md 1": (["{ … }": "{ print($0.count) }"], ""),
        "AuthFixtures.md 1": (
            [:],
            """
            struct Client { func login(socket: String, user: String, password: String) async throws {} }
            let yourClient = Client()
            """
        ),
    ]

    /// What stands before the example in the reader's file already: the example, and how much of it counts.
    private static let predecessors: [String: [(document: String, number: Int)]] = [
        "AuthServer.md 2": [("AuthDatabases.md", 2), ("AuthServer.md", 1)],
        "AuthDatabases.md 2": [("AuthDatabases.md", 1)],
    ]

    /// The text of a `main.swift`.
    func program() throws -> String {
        var text = ""
        for predecessor in Self.predecessors[description] ?? [] {
            let example = Self.all.first { $0.document == predecessor.document && $0.number == predecessor.number }
            guard let example else { throw Failure("\(predecessor) isn't there") }
            // Its declarations, but not what it does with them.
            text += example.text.prefix(upTo: example.text.firstRange(of: "\nlet ")?.lowerBound ?? example.text.endIndex)
            text += "\n"
        }
        text += self.text
        let supplement = Self.supplements[description]
        for (word, replacement) in supplement?.words ?? [:] { text = text.replacing(word, with: replacement) }
        return text + "\n" + (supplement?.lines ?? "")
    }
}
