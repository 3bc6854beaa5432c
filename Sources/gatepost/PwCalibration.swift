/// Finds the rounds whose time comes nearest to a target, and never takes more than twice as long.
struct PwCalibration {
    struct Row: Equatable {
        let rounds: Int
        let time: Duration
    }

    let limits: PwRounds
    let target: Duration
    /// Takes the time of one hash; nil for rounds that are too costly to allow.
    let measure: (Int) throws(PwError) -> Duration?

    /// All that was measured, in ascending order, and the row to take; nil if even the least is too slow.
    func run() throws(PwError) -> (rows: [Row], best: Row?) {
        let rows: [Row]
        switch limits.growth {
        case .doubling: rows = try climb()
        case .linear: rows = try surround()
        }
        return (rows, nearest(rows))
    }

    private func nearest(_ rows: [Row]) -> Row? {
        rows.filter { $0.time <= target * 2 }.min { distance($0.time) < distance($1.time) }
    }

    private func distance(_ time: Duration) -> Duration {
        time < target ? target - time : time - target
    }

    /// One by one, up to the first that reaches the target: the next takes about twice as long.
    private func climb() throws(PwError) -> [Row] {
        var rows: [Row] = []
        for rounds in limits.limits {
            guard let time = try measure(rounds) else { break }
            rows.append(Row(rounds: rounds, time: time))
            if time >= target { break }
        }
        return rows
    }

    /// Measures how fast it goes, and then round numbers on both sides of what that promises.
    private func surround() throws(PwError) -> [Row] {
        var rounds = limits.limits.lowerBound
        guard var time = try measure(rounds) else { return [] }
        var rows = [Row(rounds: rounds, time: time)]
        // Too short a time says little about the longer ones.
        while time * 20 < target, rounds <= limits.limits.upperBound / 10, let next = try measure(rounds * 10) {
            rounds *= 10
            time = next
            rows = [Row(rounds: rounds, time: time)]
        }
        let ideal = Double(rounds) * (target / max(time, .nanoseconds(1)))
        var candidates: Set<Int> = []
        if ideal < 10 {
            for rounds in 1...Int(ideal) + 2 { candidates.insert(rounds) }
        } else {
            for factor in [0.25, 0.5, 1, 2] { candidates.insert(Self.round(ideal * factor)) }
        }
        for rounds in candidates.sorted() where limits.limits ~= rounds && !rows.contains(where: { $0.rounds == rounds }) {
            guard let time = try measure(rounds) else { break }
            rows.append(Row(rounds: rounds, time: time))
        }
        // Once more from the nearest, since the first estimate came from a shorter time.
        if ideal >= 10, let best = nearest(rows) {
            let refined = Self.round(Double(best.rounds) * (target / max(best.time, .nanoseconds(1))))
            if limits.limits ~= refined, !rows.contains(where: { $0.rounds == refined }),
                let time = try measure(refined)
            {
                rows.append(Row(rounds: refined, time: time))
            }
        }
        return rows.sorted { $0.rounds < $1.rounds }
    }

    /// To two significant digits.
    private static func round(_ number: Double) -> Int {
        var unit = 1.0
        while number / unit >= 100, unit < 1e15 { unit *= 10 }
        return Int(min((number / unit).rounded() * unit, 1e15))
    }
}
