internal import PasswordSchemes

/// What `-s` names: one of Dovecot's schemes, or a kind of crypt(3) hash that Dovecot stores as `{CRYPT}`.
struct PwScheme {
    /// As it is to be written after `-s`.
    let name: String
    let scheme: PasswordScheme
    let cryptMethod: CryptMethod?

    /// Why yescrypt: of what Dovecot 2.3 can read it is the costliest to guess for what it costs a mail server.
    ///
    /// It takes 16 MiB and some 20 ms, where a guesser with graphics cards gets little. ARGON2ID would do the same with
    /// 64 MiB for each login, Dovecot reads it only if built with libsodium, and a storm of logins fills its auth
    /// process's vsz_limit; bcrypt (Dovecot's own default, at a cost of 5) takes next to no memory, which suits guessers.
    /// Whatever has libxcrypt reads yescrypt, where Dovecot needs no setting: CRYPT is a passwd-file's default scheme.
    static let standard = PwScheme("yescrypt", .crypt, .yescrypt)

    /// Kinds of CRYPT that have no scheme of their own and are not weak.
    private static let cryptKinds: [PwScheme] = [
        standard, PwScheme("gost-yescrypt", .crypt, .gostYescrypt), PwScheme("scrypt", .crypt, .scrypt),
    ]

    private init(_ name: String, _ scheme: PasswordScheme, _ cryptMethod: CryptMethod?) {
        self.name = name
        self.scheme = scheme
        self.cryptMethod = cryptMethod
    }

    /// - Throws: ``PwError`` in doveadm's words, with the name that was probably meant.
    init(named name: String) throws(PwError) {
        if let kind = Self.cryptKinds.first(where: { $0.name == name.lowercased() }) {
            self = kind
            return
        }
        guard let scheme = PasswordScheme(named: name) else {
            guard name.uppercased() != "SCRAM-SHA-512" else {
                throw PwError(
                    description: "Unknown scheme: SCRAM-SHA-512 (Dovecot has none, and logins by that mechanism need the "
                        + "password itself: -s PLAIN)")
            }
            let near = PwSuggestion.nearest(to: name, among: Self.names).map { "did you mean \($0)? " } ?? ""
            throw PwError(description: "Unknown scheme: \(name.uppercased()) (\(near)gatepost pw -l lists them)")
        }
        // doveadm makes bcrypt under the name of CRYPT, and -r counts accordingly.
        self.init(scheme.name, scheme, Self.base(scheme) == "CRYPT" ? .bcrypt : nil)
    }

    /// All names, Dovecot's first.
    static var names: [String] { PasswordScheme.all.map(\.name) + cryptKinds.map(\.name) }

    private static func base(_ scheme: PasswordScheme) -> Substring {
        scheme.name.prefix { $0 != "." }
    }

    /// What `-r` means; nil if the scheme has nothing to choose.
    var rounds: PwRounds? {
        switch Self.base(scheme) {
        case "CRYPT":
            switch cryptMethod {
            case .yescrypt, .gostYescrypt: .yescrypt
            case .scrypt: .scrypt
            default: .bcrypt
            }
        case "BLF-CRYPT": .bcrypt
        case "SHA256-CRYPT", "SHA512-CRYPT": .shaCrypt
        case "PBKDF2": .pbkdf2
        case "SCRAM-SHA-1", "SCRAM-SHA-256": .scram
        case "ARGON2I": .argon2i
        case "ARGON2", "ARGON2ID": .argon2id
        default: nil
        }
    }

    func parameters(rounds: Int?) -> HashingParameters {
        // Ours, where libxcrypt's bcrypt would be Dovecot's 5.
        HashingParameters(rounds: rounds ?? self.rounds?.standard, cryptMethod: cryptMethod)
    }
}
