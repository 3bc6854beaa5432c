internal import PasswordSchemes
internal import Secrets

/// `pw --calibrate`: measures a scheme on this machine and says which `-r` to take.
struct PwCalibrationReport {
    let scheme: PwScheme
    let target: Duration

    func run(_ output: (String) -> Void) throws(PwError) {
        guard let limits = scheme.rounds else {
            throw PwError(description: "\(scheme.name) has no cost to choose; take another scheme, such as yescrypt")
        }
        let longest = HashingLimits().time
        guard target <= longest else {
            throw PwError(description: "a login has to be answered within \(PwTime.text(longest)): name a shorter time")
        }
        let meter = PwMeter(scheme: scheme)
        let calibration = PwCalibration(limits: limits, target: target) { (rounds) throws(PwError) in
            try meter.time(rounds: rounds)
        }
        let (rows, best) = try calibration.run()
        let cells = try rows.map { (row) throws(PwError) in
            [
                (row == best ? "* " : "  ") + "\(row.rounds)", PwTime.text(row.time),
                Self.memory(try meter.memory(rounds: row.rounds)),
            ]
        }
        for line in Self.table([["-r", "time", "memory"]] + cells) { output(line) }
        guard let best else {
            throw PwError(
                description: "even the least cost takes more than twice \(PwTime.text(target)) on this machine; "
                    + "name a longer time or another scheme")
        }
        output("")
        output("Nearest to \(PwTime.text(target)) for a login on one core of this machine: -s \(scheme.name) -r \(best.rounds)")
    }

    private static func memory(_ bytes: Int) -> String {
        if bytes < 1024 { return "-" }
        return bytes < 1 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB"
    }

    private static func table(_ rows: [[String]]) -> [String] {
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
        }
    }
}
