/// Drivers of Dovecot that Gatepost lacks, and what the admin does instead.
enum ForeignDrivers {
    /// Why it is not here; `nil` for a driver that Dovecot has not either.
    static func reason(_ driver: String, role: DatabaseDraft.Role) -> String? {
        switch (driver, role) {
        case ("pam", .passwords):
            "it asks PAM modules, which Gatepost does not run yet: use shadow for the passwords of system accounts"
        case ("sql", _), ("ldap", _):
            "Gatepost does not ask \(driver.uppercased()) servers yet: export the accounts to a passwd-file"
        case ("dict", _):
            "Gatepost does not ask dictionaries: export the accounts to a passwd-file"
        case ("lua", _), ("checkpassword", _):
            "Gatepost runs no foreign code: export the accounts to a passwd-file"
        case ("oauth2", .passwords):
            "Gatepost does not check tokens in a passdb yet"
        case ("imap", .passwords):
            "Gatepost does not ask other mail servers: export the accounts to a passwd-file"
        case ("bsdauth", .passwords):
            "it is only on BSD: use shadow for the passwords of system accounts"
        case ("vpopmail", _), ("nss", _), ("sia", _):
            "Dovecot has dropped it, too: use passwd for system accounts"
        case ("shadow", .users):
            "it is for passwords only: use passwd for system accounts"
        case ("prefetch", .passwords):
            "it is for users only: it takes what the passdb said in userdb_* fields"
        default:
            nil
        }
    }
}
