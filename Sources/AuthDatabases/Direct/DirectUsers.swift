internal import PasswordSchemes

/// One thread's copies of the digests of users who logged in lately, see ``DirectPasswordDatabase``.
///
/// By value and in one piece: what threads share costs them more than what they copy. Each name has one place, and who
/// came last is there.
package struct DirectUsers: Sendable {
    private struct Place: Sendable {
        /// The database's number of the reading that this is from; 0 if nobody is here.
        var reading: UInt64 = 0
        var algorithm = DigestAlgorithm.sha256
        var nameLength: UInt8 = 0
        var length: UInt8 = 0
        /// The name, and behind it the digest and the salt.
        var bytes = InlineArray<108, UInt8>(repeating: 0)

        static let room = 108
    }

    /// About 512 KB.
    private static let most = 4096

    private var places: [Place] = []
    private let seed: UInt64

    package init() {
        seed = .random(in: .min ... .max)
    }

    /// Whether `password` is the user's, as far as is known here; nil if nothing is.
    package func isCorrect(_ password: Span<UInt8>, of user: Span<UInt8>, reading: UInt64) -> Bool? {
        guard !places.isEmpty else { return nil }
        return places.span.withPlace(place(user)) { place in
            guard place.reading == reading, Int(place.nameLength) == user.count else { return nil }
            let bytes = place.bytes.span
            guard bytes.hasBytes(user, at: 0) else { return nil }
            return place.algorithm.matches(password, bytes.extracting(user.count..<Int(place.length)))
        }
    }

    /// Takes the time of a comparison: what goes the usual way after a wrong password goes it with one digest more, and
    /// time must not tell who is known here.
    package func compareInVain(_ password: Span<UInt8>) {
        _ = DigestAlgorithm.sha256.matches(password, Self.nobody.span)
    }

    /// A digest and a salt that are nobody's.
    private static let nobody = [UInt8](repeating: 0, count: 40)

    /// Copies what the database has of the user.
    ///
    /// - Returns: false if it has nothing that may be kept here.
    package mutating func learn(_ user: Span<UInt8>, of database: some DirectPasswordDatabase, reading: UInt64) -> Bool {
        var isKept = false
        let isLent = database.lendDigest(of: user, reading: reading) { algorithm, stored in
            let length = user.count + stored.count
            guard length <= Place.room else { return }
            makeRoom(for: user, reading)
            var new = Place(
                reading: reading, algorithm: algorithm, nameLength: UInt8(user.count), length: UInt8(length))
            for index in user.indices { new.bytes[index] = user[index] }
            for index in stored.indices { new.bytes[user.count + index] = stored[index] }
            places[place(user)] = new
            isKept = true
        }
        return isLent && isKept
    }

    /// Takes more memory when users have to share places; whoever was there comes back by themselves.
    private mutating func makeRoom(for user: Span<UInt8>, _ reading: UInt64) {
        if places.isEmpty {
            places = Array(repeating: Place(), count: 64)
        } else if places.count < Self.most, places[place(user)].reading == reading {
            places = Array(repeating: Place(), count: places.count * 4)
        }
    }

    private func place(_ user: Span<UInt8>) -> Int {
        Int(truncatingIfNeeded: PasswdFileIndex.hash(user, seed)) & (places.count - 1)
    }
}

extension Span {
    /// Looks at an element where it lies.
    fileprivate func withPlace<Result>(_ index: Int, _ body: (borrowing Element) -> Result) -> Result {
        body(self[index])
    }
}
