internal import CPlatform
internal import Encodings
internal import Glibc
internal import PasswordSchemes
internal import Secrets

/// Where the lines of a large passwd-file begin, found without keeping any of its bytes: enough to let users in while the
/// server starts and the file is still being brought to memory.
///
/// Filling fresh memory takes several times as long as reading a file that the kernel holds, the more so where the
/// machine is a guest whose host has to find that memory first. A user's line is read when it is asked for, from the file
/// that is kept open.
///
/// It only ever says what the whole file would: that there is no such user, or that a line is of no use, is left to that.
final class PasswdFileOutline: Sendable {
    let identity: FileIdentity
    private let descriptor: Int32
    private let index: PasswdFileIndex
    private let defaultScheme: PasswordScheme

    /// From this size on reading takes long enough to be felt.
    static let smallestFile = 16 << 20
    /// What is read at once; no line is longer. Small enough to stay in the processor's cache.
    private static let chunk = 256 << 10
    /// As in ``PasswdFileSnapshot``.
    private static let batch = 32
    /// A user's line is shorter, or waits for the whole file.
    private static let longestLine = 4096

    /// Reads the file at `path` once to count its lines, and once to note where each begins.
    ///
    /// - Parameters:
    ///   - seed: random, so that nobody can choose names that collide.
    ///   - now: seconds since 1970.
    /// - Returns: nil if there is any trouble. Who then reads the whole file finds out which.
    init?(path: String, defaultScheme: PasswordScheme, seed: UInt64, now: Int = time(nil)) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        guard let identity = FileIdentity(ofFileAt: descriptor), identity.size < Int(UInt32.max),
            identity.isSettled(at: now), let index = Self.index(descriptor, identity.size, seed),
            identity == FileIdentity(ofFileAt: descriptor)
        else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        self.identity = identity
        self.index = index
        self.defaultScheme = defaultScheme
    }

    deinit { close(descriptor) }

    /// What the file says of `user`, without waiting for a disk.
    ///
    /// - Returns: nil if the whole file has to be asked, or has changed.
    func lookup(_ user: String) -> PasswordLookup? {
        guard !user.isEmpty else { return nil }
        var answer: PasswordLookup?
        let found = index.line(of: user.utf8.span) { start in
            // Of several lines with the name the first one counts, so none may be skipped that could not be read.
            guard let line = self.line(at: start) else { return true }
            return line.withBytes { bytes in
                guard PasswdFileIndex.isLine(0, of: user.utf8.span, in: bytes) else { return false }
                let fields = PasswdFileLine(in: bytes, line: bytes.indices)
                answer = try? .found(
                    PasswordEntry(
                        password: fields.storedPassword(in: bytes, defaultScheme: defaultScheme),
                        fields: fields.extraFields(in: bytes), hasEmptyPassword: fields.isEmptyPassword(in: bytes)))
                return true
            }
        }
        // What was read is a line of the file that the index is of, if it still is that file.
        return found != nil && FileIdentity(ofFileAt: descriptor) == identity ? answer : nil
    }

    /// The line that begins at `start`, without its end; nil if it is long, or not in the kernel's memory.
    private func line(at start: Int) -> Secret? {
        let size = min(Self.longestLine, identity.size - start)
        guard size > 0 else { return nil }
        var isWhole = false
        let line = Secret(capacity: size) { output in
            // The kernel writes within the capacity and says how much, of which the line is a part.
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                guard let address = buffer.baseAddress else { return }
                let got = unsafe gatepost_read_cached(descriptor, address, size, start)
                guard got > 0 else { return }
                count = got
                let end = unsafe PasswdFileLines.line(at: 0, in: Span(_unsafeStart: address, count: got))
                isWhole = end.next <= got || start + got == identity.size
                count = end.range.upperBound
            }
        }
        guard isWhole else { return nil }
        return line
    }

    private static func index(_ descriptor: Int32, _ size: Int, _ seed: UInt64) -> PasswdFileIndex? {
        var lines = 1
        guard
            read(descriptor, size, { bytes, _ in lines += PasswdFileContent.lineEnds(bytes) }),
            var index = PasswdFileIndex(users: lines, size: size, seed: seed)
        else { return nil }
        var found = 0
        var batch: [(hash: UInt64, start: Int)] = []
        batch.reserveCapacity(Self.batch)
        let isRead = read(descriptor, size) { bytes, offset in
            var walk = PasswdFileLines()
            repeat {
                batch.removeAll(keepingCapacity: true)
                while batch.count < Self.batch, let line = walk.next(in: bytes) {
                    batch.append((index.prepare(PasswdFileLines.name(in: bytes, line), in: bytes), offset + line.lowerBound))
                }
                found += batch.count
                // More than there is room for, if the file has changed.
                guard found <= lines else { return }
                for (hash, start) in batch { index.add(hash, lineAt: start) }
            } while !batch.isEmpty
        }
        guard isRead, found <= lines else { return nil }
        return index
    }

    /// Lends all lines to `body`, as many at a time as fit, with the place of the first in the file.
    ///
    /// - Returns: false if the file can't be read, has another size, or a line that is too long.
    private static func read(_ descriptor: Int32, _ size: Int, _ body: (Span<UInt8>, Int) -> Void) -> Bool {
        guard var buffer = SecretPages(count: chunk) else { return false }
        var (offset, kept) = (0, 0)
        // All within the buffer: `kept` bytes in front are the beginning of a line.
        return unsafe buffer.withMutableBytes { buffer in
            while offset + kept < size {
                guard kept < chunk, let start = buffer.baseAddress else { return false }
                let wanted = min(chunk - kept, size - offset - kept)
                let got = unsafe pread(descriptor, start + kept, wanted, off_t(offset + kept))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return false }
                let count = kept + got
                let bytes = unsafe Span<UInt8>(_bytes: UnsafeRawBufferPointer(start: start, count: count).bytes)
                var end = count
                if offset + count < size {
                    while end > kept, bytes[end - 1] != UInt8(ascii: "\n") { end -= 1 }
                    if end == kept { end = 0 }
                }
                body(bytes.extracting(0..<end), offset)
                kept = count - end
                offset += end
                unsafe memmove(start, start + end, kept)
            }
            return true
        }
    }
}
