/// A value as its line has it, before anything is expanded.
enum RawValue: Equatable, Sendable {
    /// The text itself, quotes and escapes already undone.
    case literal(String)
    /// Unquoted text with a `$` in it.
    case variables(String)
    /// `<path`: the content of a file, relative to the file of the line.
    case file(String)
    /// `<<MARKER`: the lines up to the marker. The line parser leaves the marker, the reader fills in the lines.
    case heredoc(String)
}

/// One `key = value` line.
struct RawSetting: Equatable, Sendable {
    var key: String
    var value: RawValue
    var location: SourceLocation
    /// The line holds bytes that are not UTF-8; harmless in what is skipped.
    var isDamaged = false
}

/// One `keyword [name] { … }`, in the order of the files, includes already in place.
struct RawSection: Equatable, Sendable {
    enum Item: Equatable, Sendable {
        case setting(RawSetting)
        case section(RawSection)
    }

    var keyword: String
    /// `nil` without a name, so that `passdb {}` and `passdb "" {}` stay apart from named ones.
    var name: String?
    var location: SourceLocation
    var items: [Item] = []
    /// Its first line was in error; the content is not looked at, so that one mistake makes one error.
    var isDamaged = false

    /// `keyword name`, as an error message shows it.
    var title: String {
        name.map { "\(keyword) \($0)" } ?? keyword
    }
}
