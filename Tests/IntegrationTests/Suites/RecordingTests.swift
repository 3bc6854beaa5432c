import Testing

extension RealPeers {
    @Suite(
        "The wire, compared with a recording of Dovecot 2.3.19", .serialized, .timeLimit(.minutes(3)),
        .enabled(if: Requirement.canRunServer, "needs the auth server (make test); Dovecot needs root, too"))
    struct RecordingTests {
        @Test("Every answer is Dovecot's, but for the differences that are listed with their reasons")
        func answers() throws {
            let recordings = "\(Places.repository)/Tests/Recordings"
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let outcome = try ChildProcess.run(
                [
                    "python3", "\(recordings)/record-wire", "-o", place.path, "\(recordings)/dovecot-2.3.19.1.txt",
                    ServerKind.current.rawValue,
                ], environment: ["GATEPOST_BINARY=\(Places.gatepost)"], within: .seconds(150))
            switch ServerKind.current {
            case .gatepost: #expect(outcome.succeeded, "\(outcome)")
            // The reference differs from its own recording in nothing, not even in what is listed for us.
            case .dovecot: #expect(outcome.output.contains(" cases alike, 0 different "), "\(outcome)")
            }
        }
    }
}
