import AuthDatabases

/// An edit of a passwd-file: what it is not about stays, and the user then has what was set.
///
/// The first line is the user's name, the second the new password, the rest the file.
enum PasswdFileEditTarget {
    static func run(_ input: Span<UInt8>) throws(BrokenRule) {
        let parts = input.array.split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let user = try? PasswdFileUserName(parts[0].text) else { return }
        let password = Array(parts[1])
        let before = Array(parts[2])
        var file = PasswdFileText(before)
        if let change = try? file.setPassword(password.span, of: user) {
            let lines = file.bytes.lines
            try demand(lines.count >= change.line, "the changed line is not there")
            let head = Array(user.text.utf8) + [UInt8(ascii: ":")] + password
            try demand(lines[change.line - 1].starts(with: head), "the changed line has not what was set")
            if !change.isNew {
                let rest = lines.enumerated().filter { $0.offset != change.line - 1 }.map { Array($0.element) }
                let old = before.lines.enumerated().filter { $0.offset != change.line - 1 }.map { Array($0.element) }
                try demand(rest == old, "another line was changed")
            }
            // Once more changes nothing.
            let once = file.bytes
            let again = try? file.setPassword(password.span, of: user)
            try demand(again?.isNew == false && file.bytes == once, "a second change finds another user")
        }
        guard let removed = try? file.remove(user) else { return }
        try demand(!removed.isEmpty, "nothing was removed")
        try demand((try? file.remove(user)) == nil, "a removed user is still there")
    }
}
