internal import ArgumentParser
internal import PasswordSchemes
internal import Secrets

/// `gatepost pw`
struct PwCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pw",
        abstract: "Hash a password for a user database, or test a hash; options as in doveadm pw.",
        discussion: """
            The default is yescrypt, stored as {CRYPT}: it takes 16 MiB and some 20 ms, so that guessing is dear while a \
            storm of logins fits into any server; Dovecot reads it wherever the system's libcrypt does (Debian 11, \
            Fedora 35, Ubuntu 22.04 and later). For other systems there is -s BLF-CRYPT, and for challenge-response \
            logins -s SCRAM-SHA-256.

            Exits 0, or 75 as doveadm does if the hash is not the password's or can't be made.
            """)

    @OptionGroup var options: PwOptions

    @Option(
        name: [.customShort("t"), .customLong("test-hash")], parsing: .unconditional,
        help: ArgumentHelp("Test whether this is the password's hash.", valueName: "hash"))
    var testHash: String?

    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp("The user, whose name is a part of DIGEST-MD5 hashes.", valueName: "user"))
    var user: String?

    @Flag(name: .shortAndLong, help: "List the schemes.")
    var list = false

    @Flag(name: [.customShort("V"), .customLong("reverse-verify")], help: "Verify the new hash, too.")
    var verify = false

    @Option(
        help: ArgumentHelp(
            "Measure which -r comes nearest to this time, such as 100ms, on this machine.", valueName: "time"))
    var calibrate: PwTime?

    func validate() throws {
        let others = testHash != nil || user != nil || verify || options.plaintext != nil || options.rounds != nil
        if calibrate != nil, others {
            throw ValidationError("--calibrate hashes a password of its own: only -s goes with it")
        }
        if testHash != nil, options.rounds != nil {
            throw ValidationError("-t tests the hash as it is: -r does not go with it")
        }
    }

    mutating func run() throws {
        do throws(PwError) {
            try perform()
        } catch {
            PasswordPrompt.complain("Error: \(error)")
            throw ExitCode(Pw.failure)
        }
    }

    private func perform() throws(PwError) {
        let pw = Pw(output: PwOutput.write)
        if list { return pw.list() }
        if let calibrate {
            return try PwCalibrationReport(scheme: options.chosenScheme(), target: calibrate.duration).run { line in
                PwOutput.write(Array((line + "\n").utf8).span)
            }
        }
        if let testHash {
            let scheme = options.scheme == nil ? nil : try options.chosenScheme()
            let password = try options.password { () throws(PasswordPrompt.Unreadable) in
                try PasswordPrompt.read("Enter password to verify: ")
            }
            return try pw.test(testHash, password, scheme: scheme, user: user ?? "")
        }
        let generator = try options.generator(user: user ?? "")
        let password = try options.password(or: PasswordPrompt.readNew)
        try pw.generate(password, by: generator, isVerified: verify)
    }
}
