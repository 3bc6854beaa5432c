/// The filters that user names need.
enum NameFilter: Hashable, Sendable {
    case lower, upper, username, domain

    func apply(to text: String) -> String {
        switch self {
        case .lower: text.withASCIILetters(from: UInt8(ascii: "A"), to: UInt8(ascii: "a"))
        case .upper: text.withASCIILetters(from: UInt8(ascii: "a"), to: UInt8(ascii: "A"))
        // The name ends at the first @, the domain begins behind it.
        case .username: String(text.prefix { $0 != "@" })
        case .domain: text.firstIndex(of: "@").map { String(text[text.index(after: $0)...]) } ?? ""
        }
    }
}

extension String {
    fileprivate func withASCIILetters(from first: UInt8, to other: UInt8) -> String {
        guard utf8.contains(where: { $0 &- first < 26 }) else { return self }
        return String(decoding: utf8.map { $0 &- first < 26 ? $0 - first + other : $0 }, as: UTF8.self)
    }
}
