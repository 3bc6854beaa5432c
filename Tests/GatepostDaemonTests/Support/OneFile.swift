import DovecotConfiguration

/// A configuration that exists only in a test.
struct OneFile: ConfigurationFiles {
    let text: String

    init(_ text: String) { self.text = text }

    func read(_ path: String) throws(FileReadError) -> [UInt8] { Array(text.utf8) }
    func glob(_ pattern: String) -> [String] { [] }
    func environmentVariable(_ name: String) -> String? { nil }
}
