/// The mark that some editors put in front of UTF-8.
///
/// To Dovecot 2.3.19.1 and to us it is a part of the first line's name, which no login has: auth_username_chars would
/// have to allow its bytes.
package enum ByteOrderMark {
    package static func leads(_ bytes: Span<UInt8>) -> Bool {
        bytes.count >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf
    }

    /// What it does to the first line, and the remedy; follows the file's name.
    package static func complaint(_ path: String) -> String {
        "begins with a byte order mark, which is taken for a part of the first line's name, so that nobody logs in by "
            + "that line; take it away: sed -i '1s/^\\xEF\\xBB\\xBF//' \(path)"
    }
}
