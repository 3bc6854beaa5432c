import Glibc
import Testing

extension RealPeers {
    /// Without `log_path` lines go to `/dev/log`. The server gets a `/dev` of its own, so that no other one is disturbed.
    @Suite(
        "Logging to syslog", .timeLimit(.minutes(1)),
        .enabled(if: ServerKind.current == .gatepost, "Dovecot's auth process logs through its master"),
        .enabled(if: Requirement.hasServer && Requirement.isRoot, "needs the auth server (make test), and root to mount"))
    struct SyslogTests {
        /// Whoever listens at `/dev/log`, and then the server; "$1" is the directory.
        private static let script = """
            set -e
            mount -t tmpfs none /dev
            mknod -m 666 /dev/null c 1 3
            python3 -c '
            import os, socket, sys
            log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            log.bind("/dev/log")
            os.chmod("/dev/log", 0o666)
            lines = open(sys.argv[1], "ab", 0)
            while True: lines.write(log.recv(8192) + b"\\n")
            ' "$1/syslog" &
            until [ -S /dev/log ]; do sleep 0.05; done
            exec "$2" serve -c "$1/syslog.conf"
            """

        @Test("It is the default: facility mail, the severity of each line, in the shape that admins' filters know")
        func facilityMail() throws {
            let place = try TemporaryDirectory()
            try place.write("alice:{PLAIN}wonderland\n", to: "users")
            try place.write(
                """
                auth_verbose = yes
                auth_failure_delay = 0
                passdb {
                  driver = passwd-file
                  args = \(place.path)/users
                }
                passdb {
                  driver = passwd-file
                  args = \(place.path)/missing
                }
                service auth {
                  user = nobody
                  unix_listener \(place.path)/auth {
                    mode = 0600
                  }
                }

                """, to: "syslog.conf")
            let server = try Daemon(
                ["unshare", "--mount", "--propagation", "private", "bash", "-c", Self.script, "syslog", place.path, Places.gatepost],
                in: place
            ) {
                _ = try AuthConversation("\(place.path)/auth")
            }
            defer { server.stop() }
            // 192.0.2.7 knows it, 192.0.2.8 doesn't, and for 192.0.2.8 the second database can't be read.
            let client = try AuthConversation("\(place.path)/auth")
            let plain = { (password: String) in Credentials(user: "alice", password: password).plain }
            let right = try client.say("AUTH\t1\tPLAIN\tservice=smtp\trip=192.0.2.7\tresp=\(plain("wonderland"))")
            #expect(right == "OK\t1\tuser=alice")
            let wrong = try client.say("AUTH\t2\tPLAIN\tservice=smtp\trip=192.0.2.8\tresp=\(plain("wrong"))")
            #expect(wrong == "FAIL\t2\tuser=alice\tcode=temp_fail")
            func lines() -> [Substring] {
                let all = (TextFile.read("\(place.path)/syslog") ?? "").split(separator: "\n")
                // Swift's libdispatch has a word of its own where the tests run under nice(1).
                return all.filter { !$0.contains("Failed to set thread priority for worker thread") }
            }
            #expect(Patience.wait(for: .seconds(5)) { lines().contains { $0.contains("missing") } })
            // RFC 5424 section 6.2.1: 2 is mail, 6 informational, 3 an error.
            let line = /<(\d+)>[A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d dovecot: auth: (.*)/
            let told = lines().compactMap { $0.wholeMatch(of: line)?.output }
            #expect(told.count == lines().count, "\(lines())")
            func priority(_ text: String) -> Substring? { told.first { $0.2.hasPrefix(text) }?.1 }
            #expect(priority("Listening on \(place.path)/auth") == "\(2 * 8 + 6)")
            #expect(priority("passwd-file(alice,192.0.2.8): Password mismatch") == "\(2 * 8 + 6)", "\(lines())")
            #expect(priority("passwd-file(alice,192.0.2.8): open(\(place.path)/missing) failed") == "\(2 * 8 + 3)", "\(lines())")
        }
    }
}
