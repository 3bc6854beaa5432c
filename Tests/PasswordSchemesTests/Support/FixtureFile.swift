import Glibc

/// One line of a file that `Fixtures/make-fixtures.sh` made.
struct FixtureHash: Sendable, CustomStringConvertible {
    let file: String
    let password: [UInt8]
    let user: String
    let field: String

    var description: String { "\(file): \(field)" }

    static let all: [FixtureHash] = [
        "doveadm.txt", "doveadm-accepted.txt", "mkpasswd.txt", "crypt.txt", "htpasswd.txt", "argon2.txt", "openssl.txt", "slappasswd.txt",
        "libxcrypt-known-answers.txt",
    ].flatMap(read)

    private static func read(_ file: String) -> [FixtureHash] {
        TextFile.lines(inFixture: file).filter { !$0.hasPrefix("#") }.map { line in
            let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            return FixtureHash(
                file: file, password: unescape(parts[0]), user: String(parts[1]), field: String(parts[2]))
        }
    }

    /// The octal escapes of printf(1).
    private static func unescape(_ text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\") {
                bytes.append(rest.prefix(3).reduce(0) { $0 << 3 | ($1 - UInt8(ascii: "0")) })
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}

enum TextFile {
    /// The lines of a file in the folder Fixtures; none if it can't be read.
    static func lines(inFixture name: String) -> [String] {
        let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        guard let file = unsafe fopen("/\(folder)/Fixtures/\(name)", "r") else { return [] }
        defer { _ = unsafe fclose(file) }
        var bytes: [UInt8] = []
        while case let character = unsafe fgetc(file), character != EOF { bytes.append(UInt8(character)) }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
