/// The settings of a `passdb` or `userdb`.
enum DatabaseTable {
    static let passwords = settings(.passwords)
    static let users = settings(.users)

    private static func settings(_ role: DatabaseDraft.Role) -> [Setting<DatabaseDraft>] {
        let section: SettingDefinition.Section = role == .passwords ? .passwordDatabase : .userDatabase
        return both(section, role) + (role == .passwords ? passwordsOnly : usersOnly)
    }

    private static func both(
        _ section: SettingDefinition.Section, _ role: DatabaseDraft.Role
    ) -> [Setting<DatabaseDraft>] {
        [
            Setting(
                "driver", in: section, .text, default: "",
                role == .passwords
                    ? "passwd-file, shadow, passwd or static; without it the section's name (2.4)."
                    : "passwd-file, passwd, static or prefetch; without it the section's name (2.4).",
                assign: { root, text, _ in root.driver = text }),
            Setting(
                "name", in: section, .text, default: "", "Name for the log.",
                assign: { root, text, _ in root.name = text }),
            Setting(
                "args", in: section, .text, default: "",
                role == .passwords
                    ? "passwd-file: scheme=NAME username_format=TEMPLATE PATH; static: password=TEXT and fields (2.3)."
                    : "passwd-file: username_format=TEMPLATE PATH; static: fields, allow_all_users=yes (2.3).",
                assign: { root, text, _ in root.args = text }),
            Setting(
                "passwd_file_path", in: section, .text, default: "", "File of a passwd-file (2.4).",
                assign: { root, text, _ in root.path = text }),
            Setting(
                "auth_username_format", in: section, .text, default: "", "Template for the name to look up (2.4).",
                assign: { root, text, _ in root.usernameFormat = text }),
            Setting(
                "default_fields", in: section, .text, default: "", "Fields set before the lookup (2.3).",
                assign: { (root, text, dialect) throws(ValueError) in
                    root.defaultFields = try FieldWords.parse(text, dialect)
                }),
            Setting(
                "override_fields", in: section, .text, default: "", "Fields set after the lookup (2.3).",
                assign: { (root, text, dialect) throws(ValueError) in
                    root.overrideFields = try FieldWords.parse(text, dialect)
                }),
            Setting(
                "fields_import_all", in: section, .boolean, default: "yes",
                "The database's own fields count, not only those in fields (2.4).",
                assign: { (root, text, _) throws(ValueError) in
                    root.importsAllFields = try SettingValue.boolean(text)
                }),
            Setting(
                "auth_verbose", in: section, .choice(["default", "yes", "no"]), default: "default",
                "auth_verbose for this database alone.",
                assign: { (root, text, _) throws(ValueError) in
                    // No other words for yes and no here, as in Dovecot.
                    guard ["default", "yes", "no"].contains(text) else {
                        throw ValueError("\"\(text.shortened)\" is not one of default, yes, no")
                    }
                    root.verbose = text == "default" ? nil : text == "yes"
                }),
            Setting(
                "use_cache", in: section, .boolean, default: "yes", "Answers may be remembered (2.4).",
                assign: { (root, text, _) throws(ValueError) in root.usesCache = try SettingValue.boolean(text) }),
            .ineffective(
                "use_worker", in: section, "lookups that may take long always have threads of their own",
                "Look up in a worker process (2.4)."),
        ]
    }

    private static let passwordsOnly: [Setting<DatabaseDraft>] = [
        Setting(
            "default_password_scheme", in: .passwordDatabase, .text, default: "CRYPT",
            "Scheme of passwords without {SCHEME} (2.4).",
            assign: { root, text, _ in root.defaultScheme = text }),
        Setting(
            "static_password", in: .passwordDatabase, .text, default: "", "Everybody's password (2.4).",
            assign: { root, text, _ in root.staticPassword = text }),
        Setting(
            "mechanisms", new: "mechanisms_filter", in: .passwordDatabase, .list, default: "",
            "Mechanisms that may use it; none (2.4: lookup) stands for lookups without a login.",
            assign: { root, text, dialect in
                let words = SettingValue.list(text).map { $0.uppercased() }
                let lookup = dialect == .dovecot24 ? "LOOKUP" : "NONE"
                root.rules.mechanisms = words.isEmpty ? nil : words.map { $0 == lookup ? "LOOKUP" : $0 }
                // Alone, the word leaves nothing in 2.3, not even lookups.
                if dialect == .dovecot23, words == ["NONE"] { root.rules.mechanisms = [] }
            }),
        Setting(
            "username_filter", in: .passwordDatabase, .text, default: "",
            "Patterns of names that it is asked for; ! before a pattern leaves out.",
            assign: { root, text, _ in root.rules.usernameFilter = SettingValue.list(text) }),
        .choice("skip", in: .passwordDatabase, \.rules.skip, default: .never, "When it is passed over."),
        .choice(
            "result_success", in: .passwordDatabase, \.rules.resultSuccess, default: .returnOK,
            "What follows a good password."),
        .choice(
            "result_failure", in: .passwordDatabase, \.rules.resultFailure, default: .continue,
            "What follows a bad password or an unknown user."),
        .choice(
            "result_internalfail", in: .passwordDatabase, \.rules.resultInternalFailure, default: .continue,
            "What follows a temporary failure."),
        .boolean("deny", in: .passwordDatabase, \.rules.deny, "Whoever is in it is refused."),
        .boolean("pass", in: .passwordDatabase, \.rules.pass, "Older word for result_success = continue (2.3)."),
        .boolean("master", in: .passwordDatabase, \.rules.master, "Its users may log in as others."),
    ]

    private static let usersOnly: [Setting<DatabaseDraft>] = [
        Setting(
            "static_allow_all_users", in: .userDatabase, .boolean, default: "no",
            "Whoever is asked for exists; otherwise the passdbs are asked (2.4).",
            assign: { (root, text, _) throws(ValueError) in root.allowsAllUsers = try SettingValue.boolean(text) }),
        .choice("skip", in: .userDatabase, \.userRules.skip, default: .never, "When it is passed over."),
        .choice(
            "result_success", in: .userDatabase, \.userRules.resultSuccess, default: .returnOK,
            "What follows when the user is found."),
        .choice(
            "result_failure", in: .userDatabase, \.userRules.resultFailure, default: .continue,
            "What follows when there is no such user."),
        .choice(
            "result_internalfail", in: .userDatabase, \.userRules.resultInternalFailure, default: .continue,
            "What follows a temporary failure."),
    ]
}
