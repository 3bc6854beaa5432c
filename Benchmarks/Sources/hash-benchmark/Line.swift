import HashReferences
import HashRunning

/// What was measured of one scheme.
struct Line {
    let title: String
    let requirement: SchemeCase.Requirement?
    let one: Measurement.Comparison
    let all: Measurement.Comparison
    /// One thread that also reads the stored text each time; measured for cheap schemes, where it counts.
    let parsing: Measurement.Comparison?

    init(_ plan: SchemeCase.Plan, _ measurement: Measurement, threads: Int) throws {
        let prepared = try plan.make()
        let password = SchemeCase.password
        let ours = SchemeWork(prepared.subject, password: password, user: SchemeCase.user, isParsing: false)
        let bare = prepared.reference.map { HashReference(password: password, $0) }
        title = plan.title
        requirement = plan.requirement
        // The owners live until the end of this scope, longer than the calls that use their memory.
        one = try withExtendedLifetime((ours, bare)) {
            try unsafe measurement.compare(ours.work, bare?.work, threads: 1)
        }
        all = try withExtendedLifetime((ours, bare)) {
            try unsafe measurement.compare(ours.work, bare?.work, threads: threads)
        }
        if case .cheap = plan.requirement {
            let reading = SchemeWork(prepared.subject, password: password, user: SchemeCase.user, isParsing: true)
            parsing = try withExtendedLifetime(reading) {
                try unsafe measurement.compare(reading.work, nil, threads: 1)
            }
        } else {
            parsing = nil
        }
    }

    /// What issue 3 asks and this line does not keep.
    var misses: [String] {
        switch requirement {
        case nil: return []
        case .costly:
            guard let share = all.share, share < 0.95 else { return [] }
            return ["\(title): \(Table.number(share, 3)) of the C loop's rate on \(all.threads) threads, not 0.95"]
        case .cheap:
            var misses: [String] = []
            let time = one.microseconds(one.ours)
            if time >= 2 { misses.append("\(title): \(Table.number(time, 2)) µs a verification, not under 2") }
            let unfreed = max(one.ours.unfreed, all.ours.unfreed)
            if unfreed > 0 {
                misses.append("\(title): \(Table.number(unfreed, 3)) blocks of heap left by each verification")
            }
            return misses
        }
    }
}
