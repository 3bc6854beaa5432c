internal import Encodings
internal import Glibc
internal import PasswordSchemes
internal import Secrets
internal import Synchronization

/// A passwd-file at one moment: its bytes as they are, and an index over them; never changed.
///
/// Lines are parsed when they are looked up, so that a million users cost little more than their file. The bytes are
/// wiped when the last lookup lets go.
final class PasswdFileSnapshot: Sendable {
    private final class Memory: Sendable {
        let content: PasswdFileContent
        let index: PasswdFileIndex

        init(_ content: consuming PasswdFileContent, _ index: consuming PasswdFileIndex) {
            self.content = content
            self.index = index
        }
    }

    private let memory: Memory
    private let defaultScheme: PasswordScheme
    /// A password of the costliest kind seen among the first users, for hashing in vain.
    let decoy: StoredPassword?
    /// Names that stand there more than once; the first line counts, as in Dovecot.
    let duplicates: [(user: String, line: Int)]
    let userCount: Int
    /// Whether the first line's name has a mark in front that nobody would expect there.
    let hasByteOrderMark: Bool

    /// How many users are looked at for the decoy: all of a usual file, and never a noticeable time.
    private static let decoySample = 256
    private static let reportedDuplicates = 20
    /// So many lines are under way at once, each waiting for its place in the index.
    private static let batch = 32
    /// About so much is read in two milliseconds.
    private static let largeSize = 2 << 20

    private static let readings = Atomic<UInt64>(0)
    /// The number of this reading, from 1 on.
    let reading = readings.add(1, ordering: .relaxed).newValue

    var identity: FileIdentity { memory.content.identity }

    /// Whether nobody should have to wait for its being read, or let go of.
    var isLarge: Bool { identity.size >= Self.largeSize }

    /// - Returns: nil if there is no memory for the index.
    init?(_ content: consuming PasswdFileContent, defaultScheme: PasswordScheme, seed: UInt64) {
        guard var index = PasswdFileIndex(users: content.lines, size: content.bytes.count, seed: seed) else { return nil }
        var duplicates: [(String, Int)] = []
        var users = 0
        var decoy: StoredPassword?
        content.bytes.withBytes { bytes in
            var lines = PasswdFileLines()
            var batch: [(line: Range<Int>, name: Range<Int>, hash: UInt64, number: Int)] = []
            batch.reserveCapacity(Self.batch)
            repeat {
                batch.removeAll(keepingCapacity: true)
                while batch.count < Self.batch, let line = lines.next(in: bytes) {
                    let name = PasswdFileLines.name(in: bytes, line)
                    batch.append((line, name, index.prepare(name, in: bytes), lines.number))
                }
                for (line, name, hash, number) in batch {
                    guard index.insert(name, hash, lineAt: line.lowerBound, in: bytes) else {
                        if duplicates.count < Self.reportedDuplicates { duplicates.append((bytes.text(name), number)) }
                        continue
                    }
                    users += 1
                    guard users <= Self.decoySample else { continue }
                    let parsed = PasswdFileLine(in: bytes, line: line)
                    if let stored = try? parsed.storedPassword(in: bytes, defaultScheme: defaultScheme),
                        stored.estimatedCost.time >= decoy?.estimatedCost.time ?? .zero
                    {
                        decoy = stored
                    }
                }
            } while !batch.isEmpty
        }
        hasByteOrderMark = content.bytes.withBytes(ByteOrderMark.leads)
        memory = Memory(content, index)
        self.defaultScheme = defaultScheme
        self.duplicates = duplicates
        self.decoy = decoy
        userCount = users
    }

    /// What the file says of `user`, whose name is compared byte by byte.
    func lookup(_ user: String) -> PasswordLookup {
        memory.content.bytes.withBytes { bytes in
            guard let range = find(user.utf8.span, in: bytes) else { return .unknownUser(decoy: decoy) }
            let line = PasswdFileLine(in: bytes, line: range)
            do throws(PasswordSchemeError) {
                var entry = PasswordEntry(
                    password: try line.storedPassword(in: bytes, defaultScheme: defaultScheme),
                    fields: line.extraFields(in: bytes), hasEmptyPassword: line.isEmptyPassword(in: bytes))
                entry.reading = reading
                return .found(entry)
            } catch {
                return .unusable(
                    error, fields: line.extraFields(in: bytes),
                    hasEmptyPassword: line.isEmptyPassword(in: bytes), decoy: decoy)
            }
        }
    }

    /// The line of that name.
    private func find(_ name: Span<UInt8>, in bytes: Span<UInt8>) -> Range<Int>? {
        memory.index.line(of: name, in: bytes).map { PasswdFileLines.line(at: $0, in: bytes).range }
    }

    /// The last owner is often an event loop, which wiping a large file would hold up.
    deinit {
        guard isLarge else { return }
        let memory = memory
        let thread = WorkerThread(name: "wiping", givesWay: true) {
            // By then the snapshot has let go, and this thread is the last owner.
            usleep(10_000)
            withExtendedLifetime(memory) {}
        }
        thread?.detach()
    }

    // MARK: For the user database

    /// What the file has of `user` beside the password; nil if there is no such user, or a password only.
    func user(_ user: String) -> PasswdFileUser? {
        memory.content.bytes.withBytes { bytes in
            find(user.utf8.span, in: bytes).flatMap { PasswdFileUser(line: bytes.extracting($0)) }
        }
    }

    /// Names in the file's order, beginning with the line at `start`, and where the next ones begin.
    func names(from start: Int, atMost limit: Int, withPasswordsOnly: Bool) -> (names: [String], next: Int?) {
        memory.content.bytes.withBytes { bytes in
            var names: [String] = []
            var lines = PasswdFileLines(from: start)
            while names.count < limit, let line = lines.next(in: bytes) {
                // Dovecot takes a line with two colons for one that has more than a password.
                let colons = withPasswordsOnly ? 2 : line.count { bytes[$0] == UInt8(ascii: ":") }
                if colons >= 2 { names.append(bytes.text(PasswdFileLines.name(in: bytes, line))) }
            }
            return (names, lines.position < bytes.count ? lines.position : nil)
        }
    }
}
