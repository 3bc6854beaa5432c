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
