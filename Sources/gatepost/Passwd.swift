internal import AuthDatabases
internal import Secrets

/// What `gatepost passwd` does.
struct Passwd {
    let editor: PasswdFileEditor
    let user: PasswdFileUserName
    /// Takes each line for standard output.
    let output: (String) -> Void
    /// Takes each line for standard error.
    let complaint: (String) -> Void

    /// What would go wrong, before anybody types a password in vain.
    func checkFile() throws(PasswdFileEditError) {
        try editor.check()
        // auth_username_format is %Lu unless set otherwise.
        if user.text.contains(where: \.isUppercase) {
            complaint(
                "Warning: Dovecot and Gatepost look for names in small letters unless auth_username_format says "
                    + "otherwise: \(user.text) may never be found")
        }
        if let refused = user.text.first(where: { !UsernamePolicy.dovecotCharacters.contains($0) }) {
            complaint(
                "Warning: Dovecot and Gatepost refuse names with \"\(refused)\" unless auth_username_chars has it: "
                    + "\(user.text) may never log in")
        }
    }

    func set(_ password: borrowing Secret, by generator: PwGenerator) throws {
        guard !password.isEmpty else { throw PwError(description: "the password is empty; nothing was changed") }
        let text = try generator.generate(password)
        let change = try editor.edit { (file) throws(PasswdFileEditError) in
            try text.withBytes { (text) throws(PasswdFileEditError) in try file.setPassword(text, of: user) }
        }
        output(
            change.isNew
                ? "Added \(user.text) to \(editor.path)" : "Changed the password of \(user.text) in \(editor.path)")
        if change.hasByteOrderMark {
            complaint("Warning: \(editor.path) \(ByteOrderMark.complaint(editor.path))")
        }
        if !change.shadowed.isEmpty {
            let lines = change.shadowed.map { String($0) }.joined(separator: ", ")
            complaint(
                "Warning: \(editor.path) names \(user.text) again in line \(lines); only line \(change.line) counts and was "
                    + "changed")
        }
    }

    func delete() throws {
        let lines: [Int]
        do throws(PasswdFileEditError) {
            lines = try editor.edit { (file) throws(PasswdFileEditError) in try file.remove(user) }
        } catch {
            guard error.code == .unknownUser else { throw error }
            throw PwError(
                description: "\(editor.path): \(error); nothing was changed; look how it is spelt, capitals included")
        }
        output("Deleted \(user.text) from \(editor.path)")
        if lines.count > 1 {
            complaint(
                "Warning: the name stood in \(lines.count) lines ("
                    + lines.map { String($0) }.joined(separator: ", ") + "); all of them are gone")
        }
    }
}
