import Testing

extension RealPeers {
    @Suite(
        "Gatepost beside Dovecot 2.3.19, under random configurations", .serialized, .timeLimit(.minutes(4)),
        .enabled(if: Requirement.canCompare, "needs root, Dovecot, Python and the auth server (make test)"))
    struct DifferentialTests {
        @Test("The same requests get the same replies, but for the differences that are listed with their reasons")
        func replies() throws {
            let outcome = try ChildProcess.run(
                ["python3", "\(Places.repository)/Tests/Differential/run.py", "--seed", "105", "--cases", "22", "--seconds", "120"],
                environment: ["GATEPOST_BINARY=\(Places.gatepost)"], within: .seconds(200))
            #expect(outcome.succeeded, "\(outcome)")
        }
    }
}
