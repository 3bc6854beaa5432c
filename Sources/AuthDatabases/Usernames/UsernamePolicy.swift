/// Which names may log in, and how they are spelled for the databases, in the order in which Dovecot does it.
///
/// By reference, for each login asks for it.
public final class UsernamePolicy: Sendable {
    /// A name that passed.
    public struct Name: Sendable, Hashable {
        /// As the databases are asked.
        public var user: String
        /// As the mail client gave it.
        public var originalUser: String
    }

    /// Dovecot's default for `auth_username_chars`.
    public static let dovecotCharacters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890.-_@"

    /// The longest name, in bytes, as in Dovecot 2.4; it has to fit into a reply.
    public static let longestName = 1024

    private let allowed: [Bool]
    private let translation: [UInt8]?
    private let defaultRealm: String
    private let format: VariableTemplate
    private let isLowerCase: Bool
    private let masterUserSeparator: UInt8?

    /// - Parameters:
    ///   - characters: the bytes that a name may have; empty for all (`auth_username_chars`).
    ///   - translation: pairs of a byte and what it becomes (`auth_username_translation`).
    ///   - defaultRealm: is appended to names without an `@`; empty for none (`auth_default_realm`).
    ///   - format: makes the final name; an empty one leaves it as it is (`auth_username_format`).
    ///   - masterUserSeparator: stands between the name to log in as and the master user's; its first byte counts
    ///     (`auth_master_user_separator`).
    public init(
        characters: String = dovecotCharacters, translation: String = "", defaultRealm: String = "",
        format: VariableTemplate = .lowerCaseUser, masterUserSeparator: String = ""
    ) {
        var allowed = [Bool](repeating: characters.isEmpty, count: 256)
        for byte in characters.utf8 { allowed[Int(byte)] = true }
        self.allowed = allowed
        var table: [UInt8]?
        let pairs = Array(translation.utf8)
        if pairs.count >= 2 {
            var bytes = Array(UInt8.min...UInt8.max)
            for index in stride(from: 0, to: pairs.count - 1, by: 2) { bytes[Int(pairs[index])] = pairs[index + 1] }
            table = bytes
        }
        self.translation = table
        self.defaultRealm = defaultRealm
        self.format = format.pieces.isEmpty ? .user : format
        isLowerCase = format == .lowerCaseUser
        self.masterUserSeparator = masterUserSeparator.utf8.first
    }

    /// Who wants to log in, and as whom, from all the names that a mail client gave.
    ///
    /// - Parameters:
    ///   - given: the authcid.
    ///   - authorizationID: the authzid, if there is one.
    ///   - certificateName: the name in the client's certificate, if that is the one that counts.
    ///   - hasMasters: whether there are databases of master users.
    ///   - circumstances: what else is known of the login; asked only if a name is made of it.
    public func login(
        _ given: String, authorizationID: String? = nil, certificateName: String? = nil, hasMasters: Bool = true,
        circumstances: () -> UserQuery = { UserQuery(user: "") }
    ) -> LoginNames {
        var given = given
        var target: String?
        if let masterUserSeparator, let place = given.utf8.firstIndex(of: masterUserSeparator) {
            target = String(given[..<place])
            given = String(given.utf8[given.utf8.index(after: place)...]) ?? ""
        }
        let own: LoginNames =
            switch normalise(certificateName ?? given, circumstances) {
            case .success(let name): LoginNames(user: name.user, originalUser: given)
            case .failure(let refusal): LoginNames(originalUser: given, refusal: refusal)
            }
        // Nearly everybody wants to log in as themselves.
        guard target != nil || authorizationID?.isEmpty == false else { return own }
        var names = own
        if let target { addTarget(target, to: &names, hasMasters: hasMasters, circumstances) }
        if let authorizationID, !authorizationID.isEmpty, names.refusal == nil {
            addTarget(authorizationID, to: &names, hasMasters: hasMasters, circumstances)
            names.isAuthorizationIDRefused = names.refusal != nil
        }
        return names
    }

    /// Whether any name is left as it is.
    package var keepsPlainNames: Bool {
        translation == nil && defaultRealm.isEmpty && (isLowerCase || format == .user)
    }

    /// Whether a name passes and is left as it is, if ``keepsPlainNames``; false for some of which that is true, too.
    package func isPlain(_ name: Span<UInt8>) -> Bool {
        guard 1...255 ~= name.count else { return false }
        for index in name.indices {
            let byte = name[index]
            // What is printed needs no escape, and is text.
            guard allowed[Int(byte)], byte >= 0x20, byte < 0x7f, byte != masterUserSeparator,
                !isLowerCase || byte &- UInt8(ascii: "A") >= 26
            else { return false }
        }
        return true
    }

    private func addTarget(
        _ target: String, to names: inout LoginNames, hasMasters: Bool, _ circumstances: () -> UserQuery
    ) {
        guard names.refusal == nil, target != names.user else { return }
        guard !target.isEmpty else { return names.refusal = .emptyTarget }
        guard hasMasters else { return names.refusal = .noMasters }
        switch normalise(target, circumstances) {
        case .success(let name): names.loginUser = name.user
        case .failure(let refusal): names.refusal = refusal
        }
    }

    /// The name for the databases, or why it may not log in.
    ///
    /// - Parameter circumstances: what else is known of the login; asked only if the name is made of it.
    public func normalise(
        _ given: String, _ circumstances: () -> UserQuery = { UserQuery(user: "") }
    ) -> Result<Name, UsernameRefusal> {
        guard given.utf8.count <= Self.longestName else { return .failure(.tooLong) }
        var name = given
        if !defaultRealm.isEmpty, !given.utf8.contains(UInt8(ascii: "@")) { name += "@" + defaultRealm }
        if let translation {
            name = String(decoding: name.utf8.map { translation[Int($0)] }, as: UTF8.self)
        }
        var hasCapitals = false
        let bytes = name.utf8.span
        for index in bytes.indices {
            let byte = bytes[index]
            guard allowed[Int(byte)] else { return .failure(.disallowed(byte, name: given)) }
            if byte &- UInt8(ascii: "A") < 26 { hasCapitals = true }
        }
        // The usual name is in lower case already.
        if hasCapitals || !isLowerCase {
            var query = isLowerCase ? UserQuery(user: name) : circumstances()
            query.user = name
            name = format.expand(query)
        }
        guard !name.isEmpty else { return .failure(.empty) }
        return .success(Name(user: name, originalUser: given))
    }
}

/// Why a name may not log in.
public enum UsernameRefusal: Error, Sendable, Hashable {
    case empty
    /// A master user names nobody to log in as.
    case emptyTarget
    /// Somebody wants to log in as somebody else, which nobody can.
    case noMasters
    case tooLong
    case disallowed(UInt8, name: String)
}
