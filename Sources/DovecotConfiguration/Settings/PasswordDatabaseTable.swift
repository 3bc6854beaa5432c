/// The settings of a `passdb`.
enum PasswordDatabaseTable {
    static let all: [Setting<PasswordDatabaseDraft>] = [
        Setting(
            "driver", in: .passwordDatabase, .text, default: "",
            "Where the passwords are: passwd-file or shadow; without it the section's name (2.4).",
            assign: { root, text, _ in root.driver = text }),
        Setting(
            "name", in: .passwordDatabase, .text, default: "", "Name for the log.",
            assign: { root, text, _ in root.name = text }),
        Setting(
            "args", in: .passwordDatabase, .text, default: "",
            "For passwd-file: scheme=NAME username_format=TEMPLATE PATH (2.3).",
            assign: { root, text, _ in root.args = text }),
        Setting(
            "passwd_file_path", in: .passwordDatabase, .text, default: "", "File of a passwd-file (2.4).",
            assign: { root, text, _ in root.path = text }),
        Setting(
            "default_password_scheme", in: .passwordDatabase, .text, default: "CRYPT",
            "Scheme of passwords without {SCHEME} (2.4).",
            assign: { root, text, _ in root.defaultScheme = text }),
        Setting(
            "auth_username_format", in: .passwordDatabase, .text, default: "",
            "Template for the name to look up (2.4).",
            assign: { root, text, _ in root.usernameFormat = text }),
        .foreign("use_worker", in: .passwordDatabase, "Look up in a worker process."),
    ] + [
        ("default_fields", nil, .text, "", "Fields set before the lookup.", fields),
        ("override_fields", nil, .text, "", "Fields set after the lookup.", fields),
        ("fields", nil, .text, "", "Fields of every user.", fields),
        ("fields_import_all", nil, .boolean, "yes", "Whether all fields of the database count.", fields),
        ("mechanisms", "mechanisms_filter", .list, "", "Mechanisms that may use it.", chain),
        ("username_filter", nil, .text, "", "Names that it is asked for.", chain),
        ("skip", nil, .text, "never", "When it is passed over.", chain),
        ("result_success", nil, .text, "return-ok", "What follows a good password.", chain),
        ("result_failure", nil, .text, "continue", "What follows a bad password.", chain),
        ("result_internalfail", nil, .text, "continue", "What follows a temporary failure.", chain),
        ("deny", nil, .boolean, "no", "Whoever is in it is refused.", chain),
        ("pass", nil, .boolean, "no", "Older word for result_success = continue.", chain),
        ("master", nil, .boolean, "no", "Its users may log in as others.", "Gatepost has no master users yet"),
        (
            "auth_verbose", nil, .text, "default", "auth_verbose for this database alone.",
            "Gatepost has one auth_verbose for all databases"
        ),
        ("use_cache", nil, .boolean, "yes", "Whether answers are remembered.", "Gatepost has no cache of answers"),
    ].map {
        (name: String, newName: String?, kind: SettingDefinition.Kind, value: String, summary: String, reason: String)
        in
        .refused(name, new: newName, in: .passwordDatabase, kind, default: value, reason, summary)
    }

    private static let fields = "Gatepost takes fields only from the passwd-file's own lines so far"
    private static let chain = "Gatepost asks all databases in order until one accepts the password"
}
