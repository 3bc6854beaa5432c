/// Values as Dovecot reads and prints them.
enum SettingValue {
    // MARK: Reading

    static func boolean(_ text: String) throws(ValueError) -> Bool {
        switch text.lowercased() {
        case "yes", "y", "1": return true
        case "no": return false
        default: throw ValueError("\"\(text.shortened)\" is neither yes nor no")
        }
    }

    /// Up to 2^32-1, as in Dovecot; `unlimited` is a word of 2.4.
    static func count(_ text: String, dialect: ConfigurationDialect) throws(ValueError) -> Int {
        if dialect == .dovecot24, text == "unlimited" { return Int(UInt32.max) }
        guard isDigits(text), let count = UInt32(text) else {
            throw ValueError("\"\(text.shortened)\" is not a number from 0 to \(UInt32.max)")
        }
        return Int(count)
    }

    /// Octal with a leading 0, else decimal, as in Dovecot.
    static func mode(_ text: String) throws(ValueError) -> UInt32 {
        guard isDigits(text), let mode = UInt32(text, radix: text.hasPrefix("0") ? 8 : 10), mode <= 0o7777 else {
            throw ValueError("\"\(text.shortened)\" is not a mode; write one like 0660")
        }
        return mode
    }

    /// Any beginning of a unit's name counts, so `2 s`, `2 sec` and `2 secs` are one; `m` alone is minutes.
    static func time(_ text: String, milliseconds: Bool) throws(ValueError) -> Duration {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text[digits.endIndex...].drop { $0 == " " }.lowercased()
        guard let number = Int64(digits), unit.allSatisfy({ $0.isASCII }) else {
            throw ValueError("\"\(text.shortened)\" is not a time; write one like 2 secs")
        }
        guard !unit.isEmpty else {
            if number == 0 { return .zero }
            throw ValueError("\"\(text.shortened)\" has no unit; write for example \(digits) secs")
        }
        let factor: Int64? =
            timeUnits.first { _, names in names.contains { $0.hasPrefix(unit) } }?.milliseconds
        guard let factor else {
            throw ValueError("\"\(text.shortened)\" is not a time; use msecs, secs, mins, hours, days or weeks")
        }
        // Dovecot keeps times in 32 bits.
        let (total, overflow) = number.multipliedReportingOverflow(by: factor)
        let resolution: Int64 = milliseconds ? 1 : 1000
        guard !overflow, total / resolution <= Int64(UInt32.max) else {
            throw ValueError("\"\(text.shortened)\" is too long a time")
        }
        guard total % resolution == 0 else { throw ValueError("\"\(text.shortened)\" is not in whole seconds") }
        return .milliseconds(total)
    }

    /// In the order that decides what `m` and `s` mean.
    private static let timeUnits: [(milliseconds: Int64, names: [String])] = [
        (1000, ["secs", "seconds"]),
        (60_000, ["mins", "minutes"]),
        (1, ["msecs", "mseconds", "millisecs", "milliseconds"]),
        (3_600_000, ["hours"]),
        (86_400_000, ["days"]),
        (604_800_000, ["weeks"]),
    ]

    static func size(_ text: String) throws(ValueError) -> UInt64 {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text[digits.endIndex...].drop { $0 == " " }.lowercased()
        let shifts = ["": 0, "b": 0, "k": 10, "m": 20, "g": 30, "t": 40]
        let letter = unit.hasSuffix("ib") ? unit.dropLast(2) : unit.hasSuffix("i") ? unit.dropLast() : unit[...]
        let bare = letter.count == 2 && letter.hasSuffix("b") ? letter.dropLast() : letter
        guard let number = UInt64(digits), let shift = shifts[String(bare)],
            unit == bare || shift > 0, number <= UInt64.max >> UInt64(shift)
        else { throw ValueError("\"\(text.shortened)\" is not a size; write one like 10 M") }
        return number << UInt64(shift)
    }

    static func list(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "," || $0 == "\t" }.map(String.init)
    }

    /// Whether two values say the same, so that a default may be written in any way.
    static func areEqual(_ text: String, _ other: String, kind: SettingDefinition.Kind) -> Bool {
        func same<Value: Equatable>(_ parse: (String) throws(ValueError) -> Value) -> Bool {
            guard let left = try? parse(text), let right = try? parse(other) else { return false }
            return left == right
        }
        return switch kind {
        case .boolean: same(boolean)
        case .count: same { (text) throws(ValueError) in try count(text, dialect: .dovecot24) }
        case .mode: same(mode)
        case .seconds, .milliseconds: same { (text) throws(ValueError) in try time(text, milliseconds: true) }
        case .size: same(size)
        case .list: list(text) == list(other)
        case .text, .choice: text == other
        }
    }

    private static func isDigits(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }

    // MARK: Printing

    static func text(_ flag: Bool) -> String {
        flag ? "yes" : "no"
    }

    /// In the largest unit that goes in evenly, with the words of `doveconf`.
    static func text(_ time: Duration) -> String {
        let (seconds, attoseconds) = time.components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        if milliseconds != 0 { return "\(seconds * 1000 + milliseconds) msecs" }
        if seconds == 0 { return "0" }
        for (size, name) in [(604_800, "weeks"), (86_400, "days"), (3600, "hours"), (60, "mins")] {
            if seconds % Int64(size) == 0 { return "\(seconds / Int64(size)) \(name)" }
        }
        return "\(seconds) secs"
    }

    /// In the largest unit that goes in evenly, with the words of `doveconf`.
    static func text(size: UInt64) -> String {
        guard size > 0 else { return "0" }
        for (shift, unit) in [(40, "T"), (30, "G"), (20, "M"), (10, "k")] where size & (1 << UInt64(shift) - 1) == 0 {
            return "\(size >> UInt64(shift)) \(unit)"
        }
        return "\(size) B"
    }

    static func text(mode: UInt32) -> String {
        "0" + String(mode, radix: 8)
    }
}
