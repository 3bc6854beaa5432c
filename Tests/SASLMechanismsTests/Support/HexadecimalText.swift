/// The bytes of a text in hexadecimal digits, of small letters.
func bytes(hexadecimal text: some StringProtocol) -> [UInt8] {
    var digits = text.utf8.map { UInt8($0 < 0x3a ? $0 - 0x30 : $0 - 0x57) }[...]
    var bytes: [UInt8] = []
    while let high = digits.popFirst(), let low = digits.popFirst() { bytes.append(high << 4 | low) }
    return bytes
}
