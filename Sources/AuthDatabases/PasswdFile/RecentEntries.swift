internal import PasswordSchemes

/// The users of a passwd-file who logged in lately, with their lines understood already: they soon do again.
///
/// Each name has one place, which it may share with others, so that there is nothing to keep in order. Users with costly
/// schemes aren't remembered: beside their hash a line takes no time.
struct RecentEntries: Sendable {
    /// By value: all threads ask for the same ones, and would have to count the references.
    private struct Known: Sendable {
        var user: String
        var entry: PasswordEntry
    }

    /// About 1 MB if so many with usual lines are remembered, whatever the file's size.
    private static let most = 4096

    private var known: [Known] = []
    /// Who is remembered at a place, counted from 1; 0 for nobody.
    private var places: [UInt16] = []
    private let mask: Int
    private let seed: UInt64

    /// - Parameters:
    ///   - users: as many as the file has.
    ///   - seed: random, so that nobody can choose names that share a place.
    init(users: Int, seed: UInt64) {
        // Several for each of few users, who seldom have to share then.
        var size = 4
        while size < Self.most, size / 4 < users { size *= 2 }
        mask = size - 1
        self.seed = seed
    }

    /// - Parameter isProvisional: see ``PasswordEntry/isProvisional``.
    func lookup(_ user: String, isProvisional: Bool) -> PasswordLookup? {
        guard let index = index(of: user.utf8.span) else { return nil }
        var entry = known[index].entry
        entry.isProvisional = isProvisional
        return .found(entry)
    }

    /// Lends the entry of a user who is remembered.
    func withEntry<Result>(of user: Span<UInt8>, _ body: (PasswordEntry) -> Result) -> Result? {
        index(of: user).map { body(known[$0].entry) }
    }

    private func index(of name: Span<UInt8>) -> Int? {
        guard !places.isEmpty else { return nil }
        let number = Int(places[place(name)])
        guard number > 0 else { return nil }
        // Byte by byte, as in the file: texts may be equal that are different names.
        let bytes = known[number - 1].user.utf8.span
        guard bytes.count == name.count, bytes.hasBytes(name, at: 0) else { return nil }
        return number - 1
    }

    mutating func remember(_ entry: PasswordEntry, of user: String) {
        guard entry.password.cost == .cheap else { return }
        if places.isEmpty { places = Array(repeating: 0, count: mask + 1) }
        let place = place(user.utf8.span)
        if places[place] == 0 {
            known.append(Known(user: user, entry: entry))
            places[place] = UInt16(known.count)
        } else {
            known[Int(places[place]) - 1] = Known(user: user, entry: entry)
        }
    }

    private func place(_ name: Span<UInt8>) -> Int {
        Int(truncatingIfNeeded: PasswdFileIndex.hash(name, seed)) & mask
    }
}
