/// One `key = value` line.
struct RawSetting: Equatable, Sendable {
    var key: String
    var value: RawValue
    var location: SourceLocation
    /// The line holds bytes that are not UTF-8; harmless in what is skipped.
    var isDamaged = false
}
