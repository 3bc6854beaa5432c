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
