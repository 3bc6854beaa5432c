/// Where the name and the password are in a message of PLAIN (RFC 4616) by which somebody logs in as themselves.
struct DirectMessage {
    let user: Range<Int>
    let password: Range<Int>

    /// - Returns: nil for every other message, be it right or wrong.
    init?(_ message: Span<UInt8>) {
        guard let first = Self.end(of: message, from: 0), let second = Self.end(of: message, from: first + 1),
            second > first + 1, second + 1 < message.count
        else { return nil }
        // chasquid names the same user twice.
        guard first == 0 || Self.isSame(message, 0..<first, first + 1..<second) else { return nil }
        guard !Self.isSpecial(message.extracting(second + 1..<message.count)) else { return nil }
        (user, password) = (first + 1..<second, second + 1..<message.count)
    }

    /// Whether there is something in a password that makes it, or its message, a wrong one.
    @inline(__always)
    static func isSpecial(_ password: Span<UInt8>) -> Bool {
        for index in password.indices {
            switch password[index] {
            // A NUL makes the message a wrong one, and the others the password, see LoginCheck.holdsIllegalPassword.
            case 0x00, 0x01, UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): return true
            default: continue
            }
        }
        return false
    }

    private static func end(of message: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < message.count {
            if message[index] == 0 { return index }
            index += 1
        }
        return nil
    }

    private static func isSame(_ message: Span<UInt8>, _ one: Range<Int>, _ other: Range<Int>) -> Bool {
        guard one.count == other.count else { return false }
        for offset in 0..<one.count where message[one.lowerBound + offset] != message[other.lowerBound + offset] {
            return false
        }
        return true
    }
}
