/// One setting that Gatepost knows: its names, its place, its default and what becomes of it.
public struct SettingDefinition: Sendable, Equatable {
    /// Where a setting stands.
    public enum Section: String, Sendable, Equatable, CaseIterable {
        /// Outside every section.
        case global = ""
        /// In `service auth {}`.
        case service = "service auth"
        /// In a `unix_listener PATH {}` of `service auth`.
        case listener = "unix_listener"
        /// In a `passdb {}`.
        case passwordDatabase = "passdb"
        /// In a `userdb {}`.
        case userDatabase = "userdb"
    }

    /// What a value looks like.
    public enum Kind: Sendable, Equatable {
        /// `yes` or `no`.
        case boolean
        /// A whole number.
        case count
        /// Permission bits, octal with a leading 0.
        case mode
        /// A time in whole seconds, such as `2 secs`.
        case seconds
        /// A time down to milliseconds, such as `500 msecs`.
        case milliseconds
        /// A size, such as `10 M`.
        case size
        /// Any text.
        case text
        /// Words apart by spaces or commas; in 2.4 also a section of `word = yes` lines.
        case list
        /// One of these words.
        case choice([String])
    }

    /// What becomes of a setting.
    public enum Status: Sendable, Equatable {
        /// It does what it does in Dovecot.
        case implemented
        /// An error, with this reason, unless the value is Dovecot's default.
        case refused(String)
        /// It has no effect here, for this reason; a notice says so.
        case ineffective(String)
    }

    /// Its name in Dovecot 2.3, or in 2.4 if it is new there.
    public let name: String

    /// Its name in Dovecot 2.4, if that is another.
    public let newName: String?

    /// Where it stands.
    public let section: Section

    /// What its value looks like.
    public let kind: Kind

    /// Its value when the file leaves it out, as written in a file.
    public let defaultValue: String

    /// What it does, in one line.
    public let summary: String

    /// What becomes of it.
    public let status: Status
}
