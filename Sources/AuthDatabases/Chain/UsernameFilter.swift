/// Which names a database is asked about: Dovecot's `username_filter`.
///
/// `*` stands for any text and `?` for any character; a pattern behind `!` keeps names out, which outweighs the others.
/// With a pattern that lets names in, at least one such must fit.
public struct UsernameFilter: Sendable, Hashable {
    private let inclusions: [[UInt8]]
    private let exclusions: [[UInt8]]

    /// - Parameter patterns: none for all names.
    public init(_ patterns: [String] = []) {
        inclusions = patterns.filter { !$0.hasPrefix("!") }.map { Array($0.utf8) }
        exclusions = patterns.filter { $0.hasPrefix("!") }.map { Array($0.utf8.dropFirst()) }
    }

    /// Whether it lets every name pass.
    public var isEmpty: Bool { inclusions.isEmpty && exclusions.isEmpty }

    public func admits(_ user: String) -> Bool {
        guard !isEmpty else { return true }
        let name = Array(user.utf8)
        guard !exclusions.contains(where: { Self.matches(name, $0) }) else { return false }
        return inclusions.isEmpty || inclusions.contains { Self.matches(name, $0) }
    }

    /// Takes time in proportion to the product of the lengths, whatever the pattern.
    private static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
        var (position, index) = (0, 0)
        // Where to go on if what follows the last `*` doesn't fit.
        var retry: (position: Int, index: Int)?
        while position < name.count {
            if index < pattern.count, pattern[index] == UInt8(ascii: "*") {
                retry = (position, index + 1)
                index += 1
            } else if index < pattern.count, pattern[index] == UInt8(ascii: "?") || pattern[index] == name[position] {
                position += 1
                index += 1
            } else if let last = retry {
                retry = (last.position + 1, last.index)
                (position, index) = (last.position + 1, last.index)
            } else {
                return false
            }
        }
        return pattern[index...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
