/// The table that people read.
enum Table {
    static func head(threads: Int) -> String {
        let columns = [
            left("", 28), right("1 thread", 12), right("C", 12), right("share", 7), right("CPU", 6),
            right("\(threads) threads", 14), right("C", 12), right("share", 7), right("CPU", 6),
            right("allocs", 8), right("bytes", 8), right("left", 6), right("and parsing", 20),
        ]
        let units = [
            left("scheme", 28), right("µs", 12), right("µs", 12), right("of C", 7), right("share", 6),
            right("a second", 14), right("a second", 12), right("of C", 7), right("share", 6),
            right("each", 8), right("each", 8), right("over", 6), right("µs / allocs", 20),
        ]
        return columns.joined() + "\n" + units.joined()
    }

    static func row(_ line: Line) -> String {
        let one = line.one
        let all = line.all
        let columns = [
            left(line.title, 28),
            right(time(one.microseconds(one.ours)), 12), right(one.bare.map { time(one.microseconds($0)) }, 12),
            right(one.share.map { number($0, 2) }, 7), right(one.cpuShare.map { number($0, 2) }, 6),
            right(rate(all.ours.perSecond), 14), right(all.bare.map { rate($0.perSecond) }, 12),
            right(all.share.map { number($0, 3) }, 7), right(all.cpuShare.map { number($0, 2) }, 6),
            right(number(one.ours.allocations, 1), 8), right(number(one.ours.allocatedBytes, 0), 8),
            right(number(max(one.ours.unfreed, all.ours.unfreed), 0), 6),
            right(line.parsing.map { "\(time($0.microseconds($0.ours))) / \(number($0.ours.allocations, 1))" }, 20),
        ]
        return columns.joined()
    }

    private static func time(_ microseconds: Double) -> String { number(microseconds, microseconds < 100 ? 3 : 0) }

    private static func rate(_ perSecond: Double) -> String { number(perSecond, perSecond < 1000 ? 1 : 0) }

    /// With that many decimal places, without Foundation.
    static func number(_ value: Double, _ places: Int) -> String {
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int64((value * Double(scale)).rounded())
        let sign = scaled < 0 ? "-" : ""
        let whole = "\(sign)\(scaled.magnitude / UInt64(scale))"
        guard places > 0 else { return whole }
        let fraction = "\(scaled.magnitude % UInt64(scale))"
        return whole + "." + String(repeating: "0", count: places - fraction.count) + fraction
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// n/a for what was not measured.
    private static func right(_ text: String?, _ width: Int) -> String {
        let text = text ?? "n/a"
        return String(repeating: " ", count: max(1, width - text.count)) + text
    }
}
