extension [UInt8] {
    /// The number that these digits are, without a sign; nil if there is anything else, or more than nine.
    var decimal: Int? {
        guard (1...9).contains(count) else { return nil }
        var number = 0
        for digit in self {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number
    }
}
