internal import ArgumentParser
internal import PasswordSchemes
internal import Secrets

/// `-s`, `-r` and `-p`, which `pw` and `passwd` share.
struct PwOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The scheme, with .b64 or .hex behind it for another encoding; also the CRYPT kinds yescrypt (which is the "
                + "default), gost-yescrypt and scrypt.", valueName: "scheme"))
    var scheme: String?

    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp(
            "The cost: 1 to 11 for yescrypt (default 5), 4 to 31 for CRYPT and BLF-CRYPT (10), 1000 to 999999999 for "
                + "SHA256-CRYPT and SHA512-CRYPT (5000); iterations of PBKDF2 and SCRAM, passes of ARGON2ID.",
            valueName: "rounds"))
    var rounds: Int?

    @Option(
        name: [.customShort("p"), .customLong("plaintext")], parsing: .unconditional,
        help: ArgumentHelp(
            "The password; without it, you are asked twice, or a line of standard input is read. Every user of this "
                + "machine can see it in the list of processes.", valueName: "password"))
    var plaintext: String?

    func chosenScheme() throws(PwError) -> PwScheme {
        if let scheme { try PwScheme(named: scheme) } else { .standard }
    }

    func generator(user: String) throws(PwError) -> PwGenerator {
        try PwGenerator(chosenScheme(), rounds: rounds, user: user) { PasswordPrompt.complain("Warning: \($0)") }
    }

    /// The password that was given, or what `ask` gets.
    func password(or ask: () throws(PasswordPrompt.Unreadable) -> Secret) throws(PwError) -> Secret {
        if let plaintext { return Secret(copying: Array(plaintext.utf8).span) }
        do throws(PasswordPrompt.Unreadable) {
            return try ask()
        } catch {
            throw PwError(description: error.description)
        }
    }
}
