internal import Encodings
internal import Glibc
internal import Secrets

/// A passwd-file's bytes, and what identified the file when they were read.
struct PasswdFileContent: ~Copyable, Sendable {
    let bytes: Secret
    let identity: FileIdentity
    /// There are no more lines than these.
    let lines: Int

    /// What is read at once: it is still in the processor's cache when its lines are counted.
    private static let chunk = 256 << 10
    private static let smallestPage = 4096

    /// The bytes of a file that was read elsewhere.
    init(bytes: consuming Secret, identity: FileIdentity) {
        lines = bytes.withBytes { Self.lineEnds($0) + 1 }
        self.bytes = bytes
        self.identity = identity
    }

    /// Reads the whole file.
    ///
    /// A private copy, for a mapping of a file that is cut short would end the process. A file that changes while it is
    /// read is read again, so that half of a rewrite is seldom taken for the whole.
    init(reading path: String) throws(DatabaseFailure) {
        var attempts = 0
        while true {
            attempts += 1
            let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw DatabaseFailure(opening: path, errno, asking: true) }
            defer { close(descriptor) }
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { throw DatabaseFailure(opening: path, errno) }
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw DatabaseFailure("\(path) is not a regular file; name a passwd-file")
            }
            let before = FileIdentity(status)
            guard before.size < Int(UInt32.max) else {
                throw DatabaseFailure("\(path) is larger than 4 GiB, which a passwd-file must not be")
            }
            var lines = 1
            let bytes = try Self.read(descriptor, size: before.size, path, lines: &lines)
            guard unsafe fstat(descriptor, &status) == 0 else { throw DatabaseFailure(opening: path, errno) }
            if FileIdentity(status) == before, bytes.count == before.size {
                self.bytes = bytes
                identity = before
                self.lines = lines
                return
            }
            guard attempts < 10 else {
                throw DatabaseFailure(
                    "\(path) changes faster than it can be read; write a new file and rename it over the old one",
                    mayPass: true)
            }
            usleep(useconds_t(1000 * attempts))
        }
    }

    private static func read(
        _ descriptor: Int32, size: Int, _ path: String, lines: inout Int
    ) throws(DatabaseFailure) -> Secret {
        var counted = 1
        defer { lines = counted }
        let bytes = try Secret(capacityIfAvailable: size) { (output) throws(DatabaseFailure) in
            var failure: Int32 = 0
            // The kernel writes within the capacity and says how much.
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                while count < size, let start = buffer.baseAddress {
                    let wanted = min(size - count, chunk)
                    unsafe touch(start + count, wanted)
                    let got = unsafe Glibc.read(descriptor, start + count, wanted)
                    if got < 0, errno == EINTR { continue }
                    if got < 0 { failure = errno }
                    guard got > 0 else { break }
                    counted += unsafe lineEnds(Span(_unsafeStart: start + count, count: got))
                    count += got
                }
            }
            guard failure == 0 else { throw DatabaseFailure(opening: path, failure) }
        }
        guard let bytes else { throw .withoutMemory(for: path, size: size) }
        return bytes
    }

    /// Has the kernel find memory for the pages that will be read to.
    ///
    /// Where `read` itself came upon them, the kernel would do so under a lock of the whole process, and whoever needs
    /// that, be it an event loop whose heap grows, would wait for up to ten milliseconds while 2 MiB are cleared.
    @unsafe
    private static func touch(_ start: UnsafeMutablePointer<UInt8>, _ count: Int) {
        // All within what the caller is about to fill.
        for offset in stride(from: 0, to: count, by: smallestPage) { unsafe start[offset] = 0 }
        if count > 0 { unsafe start[count - 1] = 0 }
    }

    static func lineEnds(_ bytes: Span<UInt8>) -> Int {
        var found = 0
        var next = 0
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n"), in: next..<bytes.count) {
            found += 1
            next = end + 1
        }
        return found
    }
}
