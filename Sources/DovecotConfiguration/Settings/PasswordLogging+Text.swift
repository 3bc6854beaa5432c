extension PasswordLogging {
    /// `no`, `plain`, `sha1` or `yes`, with `:N` behind it to cut what is shown.
    init(_ text: String) throws(ValueError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var length: Int?
        if parts.count > 1 {
            guard let number = UInt32(parts[1]), number > 0, !parts[1].hasPrefix("+") else {
                throw ValueError("\"\(parts[1].shortened)\" is not a number of characters from 1")
            }
            length = Int(number)
        }
        let word = parts.first == "yes" ? "plain" : parts.first ?? ""
        guard let form = Form(rawValue: word) else {
            throw ValueError("\"\(text.shortened)\" is not one of no, plain, sha1, yes, with or without :N")
        }
        self.init(form, length: form == .none ? nil : length)
    }

    var text: String {
        form.rawValue + (length.map { ":\($0)" } ?? "")
    }
}
