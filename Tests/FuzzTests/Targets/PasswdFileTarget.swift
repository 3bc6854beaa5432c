import PasswordSchemes
import Secrets

@testable import AuthDatabases

/// A passwd-file of any bytes: each name in it is found, and found once.
enum PasswdFileTarget {
    /// Of a file that is always there; only its bytes are of interest.
    private static let identity = try? FileIdentity(path: "/")

    static func run(_ input: Span<UInt8>) throws(BrokenRule) {
        guard let identity else { throw BrokenRule("no file system") }
        let content = PasswdFileContent(bytes: Secret(copying: input), identity: identity)
        guard let snapshot = PasswdFileSnapshot(content, defaultScheme: .crypt, seed: 7) else {
            throw BrokenRule("no memory")
        }
        var names: Set<[UInt8]> = []
        for line in input.array.lines {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            guard let first = line.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ":") else { continue }
            names.insert(Array(line.prefix { $0 != UInt8(ascii: ":") }))
        }
        try demand(snapshot.userCount == names.count, "\(snapshot.userCount) users instead of \(names.count)")
        for name in names {
            // A name that is not UTF-8 can't be asked for.
            guard let text = String(validating: name, as: UTF8.self) else { continue }
            if case .unknownUser = snapshot.lookup(text) { throw BrokenRule("the user \(text) is not found") }
        }
        guard !names.contains(Array("nobody at all".utf8)) else { return }
        guard case .unknownUser = snapshot.lookup("nobody at all") else { throw BrokenRule("nobody is found") }
    }
}
