extension Span<UInt8> {
    /// The whole text as a decimal number below 10¹⁸; nil if it is empty or has any other character.
    var decimal: Int? {
        guard 1...18 ~= count else { return nil }
        var value = 0
        for index in indices {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= self[index] else { return nil }
            value = value * 10 + Int(self[index] - UInt8(ascii: "0"))
        }
        return value
    }
}
