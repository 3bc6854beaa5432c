internal import Glibc

/// Standard output for text that is to be in no buffer, in one write where the system allows.
enum PwOutput {
    static func write(_ text: Span<UInt8>) {
        // The buffer is read inside the closure only.
        unsafe text.withUnsafeBufferPointer { buffer in
            var written = 0
            while written < buffer.count, let start = buffer.baseAddress {
                let count = unsafe Glibc.write(STDOUT_FILENO, start + written, buffer.count - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    PasswordPrompt.complain("Error: can't write to standard output")
                    exit(1)
                }
                written += count
            }
        }
    }
}
