internal import Glibc
internal import PasswordSchemes
internal import SASLMechanisms
internal import Secrets

/// The file that keeps the secret behind decoys over restarts (`gatepost_secret_file`).
enum SecretFile {
    /// The size of what is made; any file from half of that on is taken.
    private static let size = 64

    /// Reads the secret, or makes one that only this process's account can read.
    ///
    /// - Throws: ``DaemonError``, with the remedy.
    static func load(_ path: String) throws(DaemonError) -> DecoySecret {
        // The path is converted to C's form for the time of the call; so below.
        var descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT {
            descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw failure(path, "can't be made") }
            try fill(descriptor, path)
        }
        guard descriptor >= 0 else { throw failure(path, "can't be read") }
        defer { close(descriptor) }
        var count = 0
        let secret = Secret(capacity: 4096) { output in
            // The span is filled through a buffer of its own, which is wiped.
            var buffer = [UInt8](repeating: 0, count: 4096)
            count = unsafe buffer.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
            for index in 0..<max(count, 0) { output.append(buffer[index]) }
            wipe(&buffer)
        }
        guard count >= 0 else { throw failure(path, "can't be read") }
        guard count >= size / 2 else {
            throw DaemonError(
                "gatepost_secret_file \(path) holds \(count) bytes, which is too few for a secret; "
                    + "delete it and a new one is made")
        }
        return DecoySecret(SharedSecret(secret))
    }

    private static func fill(_ descriptor: Int32, _ path: String) throws(DaemonError) {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = (0..<size).map { _ in
            Array("0123456789abcdef".utf8)[Int.random(in: 0..<16, using: &generator)]
        }
        let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        wipe(&bytes)
        guard written == size, fsync(descriptor) == 0 else {
            let error = failure(path, "can't be written")
            close(descriptor)
            unsafe unlink(path)
            throw error
        }
    }

    private static func failure(_ path: String, _ what: String) -> DaemonError {
        DaemonError("gatepost_secret_file \(path) \(what): \(unsafe String(cString: strerror(errno)))")
    }
}
