internal import PasswordSchemes
internal import Secrets

/// A passwd-file at one moment: its bytes as they are, and an index over them; never changed.
///
/// Lines are parsed when they are looked up, so that a million users cost little more than their file. The bytes are
/// wiped when the last lookup lets go.
final class PasswdFileSnapshot: Sendable {
    private let content: FileIdentity.Content
    /// Open addressing: where a user's line begins, plus one; 0 for a free slot.
    private let slots: [UInt32]
    private let seed: UInt64
    private let defaultScheme: PasswordScheme
    /// A password of the costliest kind seen among the first users, for hashing in vain.
    let decoy: StoredPassword?
    /// Names that stand there more than once; the first line counts, as in Dovecot.
    let duplicates: [(user: String, line: Int)]
    let userCount: Int

    /// How many users are looked at for the decoy: all of a usual file, and never a noticeable time.
    private static let decoySample = 256
    private static let reportedDuplicates = 20

    var identity: FileIdentity { content.identity }

    init(_ content: consuming FileIdentity.Content, defaultScheme: PasswordScheme, seed: UInt64) {
        let lines = content.bytes.withBytes(Self.countLines)
        var slots = [UInt32](repeating: 0, count: Self.capacity(for: lines))
        var duplicates: [(String, Int)] = []
        var users = 0
        var decoy: StoredPassword?
        content.bytes.withBytes { bytes in
            var start = 0
            var number = 0
            while start < bytes.count {
                number += 1
                let line = Self.line(at: start, in: bytes)
                defer { start = line.next }
                guard Self.isUser(bytes, line.range) else { continue }
                let name = Self.name(in: bytes, line.range)
                var slot = Self.slot(bytes.extracting(name), seed, slots.count)
                while slots[slot] != 0, !Self.isSame(bytes, name, Int(slots[slot]) - 1) {
                    slot = (slot + 1) & (slots.count - 1)
                }
                guard slots[slot] == 0 else {
                    if duplicates.count < Self.reportedDuplicates { duplicates.append((bytes.text(name), number)) }
                    continue
                }
                slots[slot] = UInt32(start) + 1
                users += 1
                if users <= Self.decoySample {
                    let parsed = PasswdFileLine(in: bytes, line: line.range)
                    if let stored = try? parsed.storedPassword(in: bytes, defaultScheme: defaultScheme) {
                        if stored.estimatedCost.time >= decoy?.estimatedCost.time ?? .zero { decoy = stored }
                    }
                }
            }
        }
        self.content = content
        self.defaultScheme = defaultScheme
        self.seed = seed
        self.slots = slots
        self.duplicates = duplicates
        self.decoy = decoy
        userCount = users
    }

    /// What the file says of `user`, whose name is compared byte by byte.
    func lookup(_ user: String) -> PasswordLookup {
        content.bytes.withBytes { bytes in
            var user = user
            return user.withUTF8 { name in
                // The buffer is read inside the closure only.
                lookup(unsafe Span(_unsafeElements: name), in: bytes)
            }
        }
    }

    private func lookup(_ name: Span<UInt8>, in bytes: Span<UInt8>) -> PasswordLookup {
        find(name, in: bytes).map { entry($0, in: bytes) } ?? .unknownUser(decoy: decoy)
    }

    /// The line of that name.
    private func find(_ name: Span<UInt8>, in bytes: Span<UInt8>) -> Range<Int>? {
        var slot = Self.slot(name, seed, slots.count)
        while slots[slot] != 0 {
            let start = Int(slots[slot]) - 1
            let line = Self.line(at: start, in: bytes).range
            if Self.isEqual(bytes, Self.name(in: bytes, line), name) { return line }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func entry(_ range: Range<Int>, in bytes: Span<UInt8>) -> PasswordLookup {
        let line = PasswdFileLine(in: bytes, line: range)
        do throws(PasswordSchemeError) {
            let stored = try line.storedPassword(in: bytes, defaultScheme: defaultScheme)
            return .found(
                PasswordEntry(
                    password: stored, fields: line.extraFields(in: bytes),
                    hasEmptyPassword: Self.isEmptyPassword(bytes, line.password)))
        } catch {
            return .unusable(error, decoy: decoy)
        }
    }

    /// Whether nothing follows the scheme, if there is one.
    private static func isEmptyPassword(_ bytes: Span<UInt8>, _ field: Range<Int>) -> Bool {
        guard let last = field.last else { return true }
        guard bytes[field.lowerBound] == UInt8(ascii: "{"), bytes[last] == UInt8(ascii: "}") else { return false }
        for index in field.dropLast() where bytes[index] == UInt8(ascii: "}") { return false }
        return true
    }

    // MARK: For the user database

    /// What the file has of `user` beside the password; nil if there is no such user, or a password only.
    func user(_ user: String) -> PasswdFileUser? {
        content.bytes.withBytes { bytes in
            var user = user
            return user.withUTF8 { name in
                // The buffer is read inside the closure only.
                let name = unsafe Span(_unsafeElements: name)
                return find(name, in: bytes).flatMap { PasswdFileUser(line: bytes.extracting($0)) }
            }
        }
    }

    /// Names in the file's order, beginning with the line at `start`, and where the next ones begin.
    func names(from start: Int, atMost limit: Int, withPasswordsOnly: Bool) -> (names: [String], next: Int?) {
        content.bytes.withBytes { bytes in
            var names: [String] = []
            var position = start
            while position < bytes.count, names.count < limit {
                let (line, next) = Self.line(at: position, in: bytes)
                position = next
                guard Self.isUser(bytes, line) else { continue }
                // Dovecot takes a line with two colons for one that has more than a password.
                let colons = withPasswordsOnly ? 2 : line.count { bytes[$0] == UInt8(ascii: ":") }
                if colons >= 2 { names.append(bytes.text(Self.name(in: bytes, line))) }
            }
            return (names, position < bytes.count ? position : nil)
        }
    }

    // MARK: Lines

    private static func countLines(_ bytes: Span<UInt8>) -> Int {
        var lines = 1
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") { lines += 1 }
        return lines
    }

    /// A power of two of which at most two thirds are used.
    private static func capacity(for lines: Int) -> Int {
        var capacity = 16
        while capacity * 2 < lines * 3 { capacity *= 2 }
        return capacity
    }

    private static func line(at start: Int, in bytes: Span<UInt8>) -> (range: Range<Int>, next: Int) {
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        let hasCR = end > start && bytes[end - 1] == UInt8(ascii: "\r")
        return (start..<(hasCR ? end - 1 : end), end + 1)
    }

    /// Blank lines, comments, and lines without a name are none; a comment's `#` stands first.
    private static func isUser(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
        guard !line.isEmpty else { return false }
        return bytes[line.lowerBound] != UInt8(ascii: "#") && bytes[line.lowerBound] != UInt8(ascii: ":")
    }

    private static func name(in bytes: Span<UInt8>, _ line: Range<Int>) -> Range<Int> {
        var end = line.lowerBound
        while end < line.upperBound, bytes[end] != UInt8(ascii: ":") { end += 1 }
        return line.lowerBound..<end
    }

    private static func isSame(_ bytes: Span<UInt8>, _ name: Range<Int>, _ start: Int) -> Bool {
        let other = self.name(in: bytes, line(at: start, in: bytes).range)
        return isEqual(bytes, other, bytes.extracting(name))
    }

    private static func isEqual(_ bytes: Span<UInt8>, _ range: Range<Int>, _ name: Span<UInt8>) -> Bool {
        guard range.count == name.count else { return false }
        for offset in name.indices where bytes[range.lowerBound + offset] != name[offset] { return false }
        return true
    }

    /// Where to begin to look for `name`; seeded, so that nobody can choose names that collide.
    private static func slot(_ name: Span<UInt8>, _ seed: UInt64, _ capacity: Int) -> Int {
        var hash = seed
        for index in name.indices { hash = (hash ^ UInt64(name[index])) &* 0x9e37_79b9_7f4a_7c15 ^ (hash >> 29) }
        hash ^= hash >> 32
        return Int(truncatingIfNeeded: hash) & (capacity - 1)
    }
}

extension Span<UInt8> {
    func text(_ range: Range<Int>) -> String {
        // The buffer is read inside the closure only.
        unsafe extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
