internal import PasswordSchemes

/// A line of /etc/shadow, without its name.
struct ShadowEntry {
    /// Days since 1970-01-01; nil for never, as an empty field.
    var lastChange: Int?
    var maximumAge: Int?
    var inactive: Int?
    var expires: Int?

    /// Whether the account may log in on `today`, apart from its password (shadow(5)).
    ///
    /// Dovecot doesn't look at these dates; an admin who wrote one meant it.
    ///
    /// - Parameter today: nil if the dates don't count.
    func refusal(today: Int?) -> PasswordRefusal? {
        guard let today else { return nil }
        if let expires, today >= expires { return .expired("account expired on day \(expires)") }
        guard let lastChange else { return nil }
        // 0 means that the user has to change it at the next login, which a mail program can't do.
        if lastChange == 0 { return .expired("password must be changed") }
        // Name services may hold any number, so no sum of two is made.
        if let maximumAge, today - lastChange > maximumAge {
            return .expired("password expired \(today - lastChange - maximumAge) days ago")
        }
        return nil
    }

    /// The password behind the mark of `passwd -l`, if one is left.
    private static func locked(_ field: Span<UInt8>, _ defaultScheme: PasswordScheme) -> StoredPassword? {
        var start = 0
        while start < field.count, field[start] == UInt8(ascii: "!") { start += 1 }
        guard start > 0, start < field.count, field[start] != UInt8(ascii: "*") else { return nil }
        return try? StoredPassword(parsing: field.extracting(start..<field.count), defaultScheme: defaultScheme)
    }

    /// What the password field says, and what the dates say.
    func lookup(
        password: Span<UInt8>, today: Int?, defaultScheme: PasswordScheme, decoy: StoredPassword?
    ) -> PasswordLookup {
        // Locked by passwd -l ("!"), no login ("*"), no password at all: Dovecot refuses all three.
        guard !password.isEmpty, password[0] != UInt8(ascii: "!"), password[0] != UInt8(ascii: "*") else {
            return .refused(
                .disabled("invalid password field"), password: Self.locked(password, defaultScheme), decoy: decoy)
        }
        do throws(PasswordSchemeError) {
            let stored = try StoredPassword(parsing: password, defaultScheme: defaultScheme)
            if let refusal = refusal(today: today) { return .refused(refusal, password: stored, decoy: decoy) }
            return .found(PasswordEntry(password: stored))
        } catch {
            return .unusable(error, decoy: decoy)
        }
    }
}
