internal import ArgumentParser

/// A time with its unit: `100ms`, `0.5s`.
struct PwTime: ExpressibleByArgument, Equatable {
    let duration: Duration

    init?(argument: String) {
        let number = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit: Double
        switch argument.dropFirst(number.count) {
        case "us": unit = 1e-6
        case "ms": unit = 1e-3
        case "s": unit = 1
        default: return nil
        }
        guard let value = Double(number), value > 0, value * unit <= 3600 else { return nil }
        duration = .nanoseconds(Int64(value * unit * 1e9))
    }

    var defaultValueDescription: String { Self.text(duration) }

    /// In milliseconds below ten seconds, for people.
    static func text(_ duration: Duration) -> String {
        let parts = duration.components
        let milliseconds = Double(parts.seconds) * 1e3 + Double(parts.attoseconds) / 1e15
        if milliseconds >= 10_000 { return "\(Int((milliseconds / 1e3).rounded())) s" }
        if milliseconds >= 100 { return "\(Int(milliseconds.rounded())) ms" }
        let digits: Double = milliseconds >= 10 ? 10 : milliseconds >= 1 ? 100 : 1000
        return "\((milliseconds * digits).rounded() / digits) ms"
    }
}
