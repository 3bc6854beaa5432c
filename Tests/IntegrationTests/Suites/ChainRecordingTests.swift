import Testing

extension RealPeers {
    @Suite(
        "Logins under many configurations, compared with a recording of Dovecot 2.3.19", .serialized,
        .timeLimit(.minutes(3)),
        .enabled(
            if: Requirement.canRunServer && ServerKind.current == .gatepost, "needs Gatepost (make test), and root"))
    struct ChainRecordingTests {
        @Test("Every login ends as with Dovecot, but for the differences that are listed with their reasons")
        func answers() throws {
            let recordings = "\(Places.repository)/Tests/Recordings"
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let outcome = try ChildProcess.run(
                [
                    "python3", "\(recordings)/record-chains", "-o", place.path, "\(recordings)/chains-dovecot-2.3.19.1.txt",
                    ServerKind.current.rawValue,
                ], environment: ["GATEPOST_BINARY=\(Places.gatepost)"], within: .seconds(150))
            #expect(outcome.succeeded, "\(outcome)")
        }
    }
}
