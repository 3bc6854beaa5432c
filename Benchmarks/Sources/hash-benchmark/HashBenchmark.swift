import ArgumentParser
import Glibc

@main
struct HashBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash-benchmark",
        abstract: "Measures each password scheme next to the bare C function that does the same.",
        discussion: """
            PasswordSchemes and the C function run in the same loop, one after the other in alternating rounds, on one \
            thread and on as many as there are cores. Shares are PasswordSchemes' rate divided by C's (1.00 is as fast), \
            medians of the rounds; the share of processor time leaves out what else the machine was doing. C is crypt_r \
            with one crypt_data a thread, argon2_verify, or the BoringSSL function that swift-crypto has linked in.
            """)

    @Flag(help: "A first impression: 3 rounds of 50 ms.")
    var quick = false

    @Option(help: "Rounds a scheme and side.")
    var rounds: Int?

    @Option(help: "Seconds a round.")
    var seconds: Double?

    @Option(help: "Threads to run at once; as many as there are cores unless given.")
    var threads: Int?

    @Option(help: "Only schemes whose title contains this; may be repeated.")
    var scheme: [String] = []

    @Flag(help: "Exit with 1 if a requirement of issue 3 is missed.")
    var check = false

    func validate() throws {
        guard 1...1000 ~= rounds ?? 1, 1...256 ~= threads ?? 1, 0.001...60 ~= seconds ?? 1 else {
            throw ValidationError("rounds 1 to 1000, threads 1 to 256, seconds 0.001 to 60")
        }
    }

    func run() throws {
        let measurement = Measurement(rounds: rounds ?? (quick ? 3 : 7), seconds: seconds ?? (quick ? 0.05 : 0.3))
        let threads = threads ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let plans = SchemeCase.plans.filter { plan in
            scheme.isEmpty || scheme.contains { plan.title.lowercased().contains($0.lowercased()) }
        }
        guard !plans.isEmpty else { throw ValidationError("no scheme has such a title") }
        print("\(measurement.rounds) rounds of \(measurement.seconds) s a side, medians")
        print(Table.head(threads: threads))
        var misses: [String] = []
        for plan in plans {
            let line = try Line(plan, measurement, threads: threads)
            print(Table.row(line))
            // A table that is piped elsewhere should be seen to grow, too.
            fflush(nil)
            misses += line.misses
        }
        print(misses.isEmpty ? "All requirements of issue 3 that were measured are met." : "Missed:")
        for miss in misses { print("  \(miss)") }
        if check && !misses.isEmpty { throw ExitCode.failure }
    }
}
