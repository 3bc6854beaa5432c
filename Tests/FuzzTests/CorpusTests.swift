import FoundationEssentials
import Testing

/// The inputs that libFuzzer found worth keeping, without libFuzzer: they hold the targets to the API in every
/// `make test`, and show at once what a change breaks.
@Suite("The fuzzers' corpus")
struct CorpusTests {
    private static let directory: String = {
        let file = URL(filePath: #filePath).resolvingSymlinksInPath().path
        return "/" + file.split(separator: "/").dropLast(3).joined(separator: "/") + "/Fuzz/Corpus"
    }()

    @Test("keeps every rule of its target", arguments: FuzzTarget.all.map(\.name))
    func corpusKeepsRules(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let folder = "\(Self.directory)/\(name)"
        let inputs = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        #expect(!inputs.isEmpty, "\(folder) has no input; write seeds in Fuzz/make-seeds, then run Fuzz/run and Fuzz/minimise")
        for input in inputs.sorted() {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(input)")))
            do throws(BrokenRule) {
                try target.run(bytes.span)
            } catch {
                Issue.record("\(folder)/\(input): \(error)")
            }
        }
    }

    @Test("has no folder that no target reads")
    func everyFolderHasTarget() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.directory)
        #expect(Set(folders).subtracting(FuzzTarget.all.map(\.name)).isEmpty)
    }
}
