internal import AuthDatabases

/// A text with `%` variables, as written in the file, and the language it is written in.
///
/// Nothing in here is expanded or checked; a `VariableTemplate` does that.
public struct TemplateText: Sendable, Equatable {
    /// The two template languages of Dovecot.
    public enum Syntax: Sendable, Equatable {
        /// `%u`, `%n`, `%Lu`, `%{user}`.
        case dovecot23
        /// `%{user | lower}`.
        case dovecot24
    }

    /// The template, unexpanded.
    public var text: String

    /// The language that ``text`` is written in.
    public var syntax: Syntax

    /// A template in the given language; nothing is checked.
    public init(text: String, syntax: Syntax) {
        self.text = text
        self.syntax = syntax
    }

    /// The text may differ from one login to the next.
    public var hasVariables: Bool {
        text.utf8.contains(UInt8(ascii: "%"))
    }

    /// The template, if it can be expanded.
    ///
    /// - Throws: ``ValueError`` for what is no template, or what Gatepost has not.
    func checked() throws(ValueError) -> TemplateText {
        do throws(VariableTemplate.Fault) {
            // Which environment there is shows only when the server starts.
            _ = try VariableTemplate(
                parsing: text, syntax: syntax == .dovecot24 ? .dovecot24 : .dovecot23, constant: { _ in "" })
            return self
        } catch {
            throw ValueError(error.description)
        }
    }

    /// The syntax of a template in a file without a version: a filter behind a bar is only in 2.4.
    static func syntax(of text: String, in dialect: ConfigurationDialect) -> Syntax {
        dialect == .dovecot24 || (text.contains("%{") && text.contains("|")) ? .dovecot24 : .dovecot23
    }
}
