extension Span<UInt8> {
    /// Two small-letter digits for each byte.
    var hexadecimal: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(2 * count)
        for index in indices {
            text.append(Self.digits[Int(self[index] >> 4)])
            text.append(Self.digits[Int(self[index] & 15)])
        }
        return text
    }

    private static var digits: InlineArray<16, UInt8> {
        [48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102]
    }
}
