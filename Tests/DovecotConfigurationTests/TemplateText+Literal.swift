import DovecotConfiguration

/// Templates in 2.3's language, as most of the tests write them.
extension TemplateText: ExpressibleByStringLiteral {
    init(stringLiteral text: String) {
        self.init(text: text, syntax: .dovecot23)
    }
}
