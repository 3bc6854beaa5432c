import AuthDatabases

/// A template of either syntax, and a user's name that is put into it: the first line and the rest.
enum VariableTemplateTarget {
    static func run(_ input: Span<UInt8>) throws(BrokenRule) {
        let parts = input.array.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        let template = parts[0].text
        var query = UserQuery(user: parts.count > 1 ? parts[1].text : "alice@example.com")
        query.remoteAddress = "192.0.2.1"
        query.remotePort = 65_535
        for syntax in [VariableTemplate.Syntax.dovecot23, .dovecot24] {
            let parsed: VariableTemplate
            do throws(VariableTemplate.Fault) {
                parsed = try VariableTemplate(parsing: template, syntax: syntax)
            } catch {
                try demand(!error.description.isEmpty, "refused without a reason")
                continue
            }
            let expanded = parsed.expand(query)
            guard !template.utf8.contains(UInt8(ascii: "%")) else { continue }
            try demand(expanded == template, "a text without variables changes")
        }
        guard case .success(let name) = UsernamePolicy(defaultRealm: "example.com").normalise(query.user) else { return }
        try demand(!name.user.isEmpty && name.originalUser == query.user, "a name got lost")
    }
}
