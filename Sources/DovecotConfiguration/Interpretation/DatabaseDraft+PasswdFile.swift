extension DatabaseDraft {
    /// The passwd-file that the section names, in either Dovecot's words.
    func passwdFile() throws(ConfigurationErrors.Entry) -> PasswdFileSettings {
        try refuseSettings(but: ["args", "passwd_file_path", "default_password_scheme", "auth_username_format"])
        guard args.isEmpty || path.isEmpty else {
            throw fault("args and passwd_file_path both name the file; keep one of them", at: "args")
        }
        // The word is 2.4's, but a 2.3 template under it is as good as one of 2.4 if it has no braces.
        let syntax: TemplateText.Syntax = dialect == .dovecot24 || path.contains("{") ? .dovecot24 : .dovecot23
        var settings = PasswdFileSettings(path: TemplateText(text: path, syntax: syntax))
        var place = "passwd_file_path"
        if !args.isEmpty {
            settings = try fromArguments()
            place = "args"
        }
        guard !settings.path.text.isEmpty else {
            throw fault(
                "passwd-file has no file; add args = /path/to/users (2.3) or passwd_file_path = /path/to/users (2.4)")
        }
        guard settings.path.text.hasPrefix("/") else {
            throw fault("passwd_file_path: \"\(settings.path.text.shortened)\" must begin with /", at: place)
        }
        try check(settings.path, at: place)
        if let format = settings.usernameFormat { try check(format, at: "args") }
        if !defaultScheme.isEmpty { settings.defaultScheme = defaultScheme.uppercased() }
        if let usernameFormat {
            let syntax: TemplateText.Syntax =
                dialect == .dovecot24 || usernameFormat.contains("{") ? .dovecot24 : .dovecot23
            let format = TemplateText(text: usernameFormat, syntax: syntax)
            try check(format, at: "auth_username_format")
            settings.usernameFormat = format
        }
        return settings
    }

    /// `scheme=… username_format=… PATH`; all from the first word that begins with `/` is the path, spaces too.
    private func fromArguments() throws(ConfigurationErrors.Entry) -> PasswdFileSettings {
        var settings = PasswdFileSettings(path: TemplateText(text: "", syntax: .dovecot23))
        var rest = args[...]
        while let first = rest.first, first != "/" {
            let word = rest.prefix { $0 != " " }
            rest = rest[word.endIndex...].drop { $0 == " " }
            guard !word.isEmpty else { continue }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            switch (parts[0], parts.count > 1 ? parts[1] : "") {
            case (_, ""):
                throw fault("args: \"\(word.description.shortened)\" is no setting and no path; a path begins with /",
                            at: "args")
            case ("scheme", _) where role == .users:
                throw fault("args: scheme= is for a passdb; remove it, or Dovecot takes it for a part of the path",
                            at: "args")
            case ("scheme", let value): settings.defaultScheme = value.uppercased()
            case ("username_format", let value):
                settings.usernameFormat = TemplateText(text: value, syntax: .dovecot23)
            case (let key, _):
                let words = role == .passwords ? "scheme= and username_format=" : "username_format="
                throw fault("args: unknown setting \"\(key.shortened)\"; passwd-file has \(words)", at: "args")
            }
        }
        settings.path.text = String(rest)
        return settings
    }
}
