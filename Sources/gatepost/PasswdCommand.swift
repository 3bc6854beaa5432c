internal import ArgumentParser
internal import AuthDatabases
internal import Glibc

/// `gatepost passwd`
struct PasswdCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd",
        abstract: "Add, change or delete a user in a passwd-file.",
        discussion: """
            Everything else in the file stays as it is, and so do its owner, group, mode and access list. It is replaced \
            in one step: a server that reads it, or a crash, meets the old file or the new one. Gatepost and Dovecot see \
            the change at the next login.
            """)

    @OptionGroup var options: PwOptions

    @Flag(name: [.customShort("c"), .customLong("create")], help: "Make the file if it is missing, with mode 0600.")
    var create = false

    @Flag(name: [.customShort("D"), .customLong("delete")], help: "Delete the user.")
    var delete = false

    @Argument(help: "The passwd-file; a symbolic link is followed and stays one.")
    var file: String

    @Argument(help: "The user's name, as the mail server asks for it: usually in small letters.")
    var user: String

    func validate() throws {
        let others = create || options.scheme != nil || options.rounds != nil || options.plaintext != nil
        if delete, others { throw ValidationError("-D deletes the user: no other option goes with it") }
    }

    mutating func run() throws {
        // Otherwise a limit on file sizes would kill the process before it can say so.
        _ = signal(SIGXFSZ, SIG_IGN)
        do {
            let passwd = Passwd(
                editor: PasswdFileEditor(path: file, createsFile: create), user: try PasswdFileUserName(user),
                output: { print($0) }, complaint: PasswordPrompt.complain)
            if delete { return try passwd.delete() }
            try passwd.checkFile()
            let generator = try options.generator(user: user)
            let password = try options.password(or: PasswordPrompt.readNew)
            try passwd.set(password, by: generator)
        } catch {
            PasswordPrompt.complain("Error: \(error)")
            throw ExitCode.failure
        }
    }
}
