internal import PasswordSchemes

/// What a passwd-file has of a user beside the password, as Dovecot reads it: `user:password:uid:gid:gecos:home:shell:extra`.
struct PasswdFileUser: Sendable, Hashable {
    /// An id as it stands there; nil if the field is empty.
    var uid: String?
    var gid: String?
    var home: String?
    /// The `userdb_*` fields without that prefix; their values may have variables in them.
    var fields: [ExtraField] = []

    /// - Parameter line: without its line end; nil if it ends before the gid's place, as one for passwords only does.
    init?(line: Span<UInt8>) {
        let parts = Self.parts(of: line)
        guard parts.count >= 4 else { return nil }
        func text(_ index: Int) -> String? {
            guard index < parts.count, !parts[index].isEmpty else { return nil }
            return line.text(parts[index])
        }
        uid = text(2)
        gid = text(3)
        home = text(5)
        guard parts.count > 7 else { return }
        if parts[7].isEmpty {
            // An older format has the mail location behind an empty field.
            let mail = parts[7].upperBound + 1
            if mail < line.count { fields = Self.fields("mail=" + line.text(mail..<line.count)) }
        } else {
            fields = line.text(parts[7].lowerBound..<line.count).split(separator: " ").flatMap { word in
                word.hasPrefix("userdb_") ? Self.fields(word.dropFirst(7)) : []
            }
        }
    }

    private static func parts(of line: Span<UInt8>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        for index in line.indices where line[index] == UInt8(ascii: ":") {
            parts.append(start..<index)
            start = index + 1
        }
        return parts + [start..<line.count]
    }

    /// One field, up to the first blank.
    private static func fields(_ text: some StringProtocol) -> [ExtraField] {
        let word = text.prefix { $0 != " " }
        let name = word.prefix { $0 != "=" }
        let value = String(word.dropFirst(name.count + 1))
        return [ExtraField(String(name), value.isEmpty ? nil : value)]
    }
}
