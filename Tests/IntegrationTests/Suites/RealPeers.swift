import Testing

/// Everything here starts daemons; one suite at a time keeps a small machine quick and the logs readable.
@Suite("With real mail servers and mail programs", .serialized)
enum RealPeers {
    @Suite("The tests with real peers")
    struct PresenceTests {
        @Test(
            "None is skipped where make test runs as root",
            .enabled(if: Places.environment("GATEPOST_REQUIRE_PEERS") == "1", "not started by make test as root"))
        func nothingIsSkipped() {
            #expect(Requirement.hasServer, "\(Places.gatepost) is missing")
            #expect(Requirement.canRunPostfix)
            #expect(Requirement.canRunExim)
            #expect(Requirement.canRunChasquid)
            #expect(Requirement.canRunWholeDovecot)
            #expect(Requirement.canRunProsody)
            #expect(Requirement.canDumpServer)
            #expect(Places.exists("/usr/bin/strace"))
            #expect(Places.exists("/usr/bin/fail2ban-regex"))
        }
    }
}
