internal import Secrets

/// A passwd-file's bytes, edited line by line: whatever an edit is not about stays as it is, byte for byte.
///
/// Comments, blank lines, order, further fields, CR before LF and a missing last line end are all kept.
package struct PasswdFileText: Sendable, Equatable {
    /// What setting a password did.
    package struct Change: Sendable, Equatable {
        /// Whether the user is new.
        package let isNew: Bool
        /// The changed line, counted from 1.
        package let line: Int
        /// Further lines of the same name, which have no effect: the first one counts, as in Dovecot.
        package let shadowed: [Int]
        /// Whether the file begins with a byte order mark, and so has a first line of another name than one sees.
        package var hasByteOrderMark = false
    }

    package private(set) var bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Puts `{SCHEME}data` into the user's first line, or adds a line at the end.
    ///
    /// - Throws: ``PasswdFileEditError`` with code `unsuitablePassword` for text that would end the field or the line.
    package mutating func setPassword(
        _ password: Span<UInt8>, of user: PasswdFileUserName
    ) throws(PasswdFileEditError) -> Change {
        for index in password.indices {
            switch password[index] {
            case UInt8(ascii: ":"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0:
                throw PasswdFileEditError(
                    .unsuitablePassword,
                    "the password has a colon or a line end, which no passwd-file can hold as it is; "
                        + "choose a scheme that hashes it, or one with the suffix .b64")
            default: break
            }
        }
        let lines = lines(of: user)
        guard let first = lines.first else { return append(password, of: user) }
        let field = PasswdFileLine(in: bytes.span, line: first.content).password
        // A line of the name alone has no colon yet.
        let isBare = first.content.count == user.text.utf8.count
        rewrite(replacing: isBare ? first.content.upperBound..<first.content.upperBound : field) { new in
            if isBare { new.append(UInt8(ascii: ":")) }
            new.append(copying: password)
        }
        return Change(
            isNew: false, line: first.number, shadowed: lines.dropFirst().map(\.number), hasByteOrderMark: hasByteOrderMark)
    }

    /// Removes all of the user's lines, since the second would come into force if only the first went.
    ///
    /// - Returns: The removed lines, counted from 1.
    /// - Throws: ``PasswdFileEditError`` with code `unknownUser`.
    package mutating func remove(_ user: PasswdFileUserName) throws(PasswdFileEditError) -> [Int] {
        let lines = lines(of: user)
        guard !lines.isEmpty else {
            let mark = hasByteOrderMark ? "; the file has a byte order mark before the name in line 1" : ""
            throw PasswdFileEditError(.unknownUser, "there is no user \(user.text)\(mark)")
        }
        for line in lines.reversed() { rewrite(replacing: line.content.lowerBound..<line.next) { _ in } }
        return lines.map(\.number)
    }

    private var hasByteOrderMark: Bool { ByteOrderMark.leads(bytes.span) }

    private mutating func append(_ password: Span<UInt8>, of user: PasswdFileUserName) -> Change {
        let newline = UInt8(ascii: "\n")
        // The file's own way to end lines, seen at its last one.
        let last = bytes.lastIndex(of: newline)
        let hasCR = last.map { $0 > 0 && bytes[$0 - 1] == UInt8(ascii: "\r") } ?? false
        let lineEnd: [UInt8] = hasCR ? [UInt8(ascii: "\r"), newline] : [newline]
        let isOpen = bytes.last.map { $0 != newline } ?? false
        let number = bytes.count { $0 == newline } + (isOpen ? 2 : 1)
        rewrite(replacing: bytes.count..<bytes.count) { new in
            if isOpen { new += lineEnd }
            new += user.text.utf8
            new.append(UInt8(ascii: ":"))
            new.append(copying: password)
            new += lineEnd
        }
        return Change(isNew: true, line: number, shadowed: [], hasByteOrderMark: hasByteOrderMark)
    }

    /// Builds the new bytes beside the old ones, which are wiped: there are files with plain passwords.
    private mutating func rewrite(replacing range: Range<Int>, with insert: (inout [UInt8]) -> Void) {
        var new: [UInt8] = []
        // Room for any name and hash, so that no half-made copy is left behind by growing.
        new.reserveCapacity(bytes.count + 16384)
        new += bytes[..<range.lowerBound]
        insert(&new)
        new += bytes[range.upperBound...]
        Secrets.wipe(&bytes)
        bytes = new
    }

    /// Overwrites and forgets the content.
    mutating func wipe() {
        Secrets.wipe(&bytes)
    }

    // MARK: Lines

    private struct Line {
        let number: Int
        /// Without the line end and a CR before it.
        let content: Range<Int>
        let next: Int
    }

    private func lines(of user: PasswdFileUserName) -> [Line] {
        let name = Array(user.text.utf8)
        var found: [Line] = []
        var start = 0
        var number = 0
        while start < bytes.count {
            number += 1
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let next = min(end + 1, bytes.count)
            defer { start = next }
            // Like Dovecot, which takes a CR away only in front of a line end, or at the end of the file.
            let hasCR = end > start && bytes[end - 1] == UInt8(ascii: "\r")
            let content = start..<(hasCR ? end - 1 : end)
            guard content.count >= name.count, bytes[content].starts(with: name) else { continue }
            let behind = content.lowerBound + name.count
            guard behind == content.upperBound || bytes[behind] == UInt8(ascii: ":") else { continue }
            found.append(Line(number: number, content: content, next: next))
        }
        return found
    }
}

extension Array<UInt8> {
    fileprivate mutating func append(copying bytes: Span<UInt8>) {
        for index in bytes.indices { append(bytes[index]) }
    }
}
