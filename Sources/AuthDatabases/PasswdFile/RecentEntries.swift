internal import PasswordSchemes

/// The users of a passwd-file who logged in lately, with their lines understood already: they soon do again.
///
/// Each name has one place, which it shares with others, so that there is nothing to keep in order. Users with costly
/// schemes aren't remembered: beside their hash a line takes no time.
struct RecentEntries: Sendable {
    private final class Known: Sendable {
        let user: String
        let entry: PasswordEntry

        init(_ user: String, _ entry: PasswordEntry) {
            self.user = user
            self.entry = entry
        }
    }

    /// About 300 KB if all of them are taken, whatever the file's size.
    private static let most = 1024

    private var places: [Known?] = []
    private let mask: Int

    /// - Parameter users: as many as the file has.
    init(users: Int) {
        var size = 1
        while size < min(users, Self.most) { size *= 2 }
        mask = size - 1
    }

    /// - Parameter hash: of the name; the same each time.
    func entry(of user: String, hash: UInt64) -> PasswordEntry? {
        guard !places.isEmpty, let known = places[place(hash)] else { return nil }
        // Byte by byte, as in the file: texts may be equal that are different names.
        let (name, bytes) = (user.utf8.span, known.user.utf8.span)
        return bytes.count == name.count && bytes.hasBytes(name, at: 0) ? known.entry : nil
    }

    mutating func remember(_ entry: PasswordEntry, of user: String, hash: UInt64) {
        guard entry.password.cost == .cheap else { return }
        if places.isEmpty { places = Array(repeating: nil, count: mask + 1) }
        places[place(hash)] = Known(user, entry)
    }

    private func place(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & mask }
}
