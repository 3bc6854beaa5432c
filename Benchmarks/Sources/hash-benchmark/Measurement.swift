import HashRunning

/// Medians over alternating rounds of PasswordSchemes and the bare function.
struct Measurement {
    /// How one side did on some number of threads.
    struct Pace {
        var perSecond: Double
        var cpuMicroseconds: Double
        var allocations: Double
        var allocatedBytes: Double
        var unfreed: Double
    }

    /// One thread, and as many as there are cores.
    struct Comparison {
        let threads: Int
        var ours: Pace
        var bare: Pace?

        /// Our rate as a share of the bare function's.
        var share: Double? { bare.map { ours.perSecond / $0.perSecond } }

        /// The bare function's processor time as a share of ours: the same, if nothing else ran on the machine.
        var cpuShare: Double? { bare.map { $0.cpuMicroseconds / ours.cpuMicroseconds } }

        /// Microseconds of one verification on one of the threads.
        func microseconds(_ pace: Pace) -> Double { Double(threads) * 1e6 / pace.perSecond }
    }

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    let rounds: Int
    let seconds: Double

    func compare(_ ours: hash_work, _ bare: hash_work?, threads: Int) throws -> Comparison {
        var ourPaces: [hash_pace] = []
        var barePaces: [hash_pace] = []
        // Both works point to memory of owners that HashBenchmark's Line keeps.
        let ourBatch = try unsafe batch(for: ours)
        let bareBatch = try unsafe bare.map { try unsafe batch(for: $0) }
        for round in 0..<rounds {
            // Whoever goes second finds the processor warm, so they take turns at it.
            let isBareFirst = round % 2 == 1
            if !isBareFirst { ourPaces.append(try unsafe run(ours, threads, ourBatch)) }
            if let bare = unsafe bare, let bareBatch { barePaces.append(try unsafe run(bare, threads, bareBatch)) }
            if isBareFirst { ourPaces.append(try unsafe run(ours, threads, ourBatch)) }
        }
        return Comparison(
            threads: threads, ours: Self.median(ourPaces), bare: barePaces.isEmpty ? nil : Self.median(barePaces))
    }

    /// Seconds a verification takes, roughly, turned into a batch of about a millisecond.
    private func batch(for work: hash_work) throws -> Int {
        let pace = try unsafe run(work, 1, 1, seconds: 0.001)
        return max(1, Int(pace.per_second / 1000))
    }

    private func run(_ work: hash_work, _ threads: Int, _ batch: Int, seconds: Double? = nil) throws -> hash_pace {
        var pace = hash_pace()
        // Both structures live for the call; what the work points to, as long as its owner in HashBenchmark.
        let status = unsafe withUnsafePointer(to: work) { work in
            unsafe hash_run(work, UInt32(threads), UInt64(batch), seconds ?? self.seconds, &pace)
        }
        guard status == 0 else {
            throw Failed(description: status < 0 ? "a verification gave the wrong answer" : "no thread: errno \(status)")
        }
        return pace
    }

    private static func median(_ paces: [hash_pace]) -> Pace {
        Pace(
            perSecond: median(paces.map(\.per_second)), cpuMicroseconds: median(paces.map(\.cpu_seconds)) * 1e6,
            allocations: median(paces.map(\.allocations)), allocatedBytes: median(paces.map(\.allocated_bytes)),
            // Growth in any round counts.
            unfreed: paces.map(\.unfreed).max() ?? 0)
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
