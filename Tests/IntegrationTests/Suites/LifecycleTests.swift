import Glibc
import Testing

extension RealPeers {
    @Suite(
        "Starting, reloading and stopping", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunServer, "needs the auth server (make test); Dovecot needs root, too"))
    final class LifecycleTests {
        let place: TemporaryDirectory
        var settings: ServerUnderTest.Settings

        init() throws {
            place = try TemporaryDirectory()
            settings = .init(socket: "\(place.path)/auth")
        }

        deinit {
            place.remove()
        }

        @Test("SIGTERM ends the server with code 0, and nobody listens any more")
        func termination() throws {
            let server = try ServerUnderTest(settings)
            #expect(server.stop() == .code(0))
            #expect(throws: Failure.self) { try LineStream.unix(server.socket) }
        }

        @Test(
            "SIGTERM is obeyed when who waits for a reply has it, and nobody else gets in meanwhile",
            .enabled(if: ServerKind.current == .gatepost, "Dovecot's auth process ends at once"))
        func draining() throws {
            settings.failureDelay = "2 secs"
            let server = try ServerUnderTest(settings)
            let client = try AuthConversation(server.socket)
            try client.send("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(Credentials(user: "alice", password: "wrong").plain)")
            // The request has arrived when a later one of the same connection has its answer.
            #expect(try client.logIn(2, .bob) == "OK\t2\tuser=bob")
            kill(server.processID, SIGTERM)
            let isDeaf = Patience.wait(for: .seconds(1)) { (try? LineStream.unix(server.socket)) == nil }
            #expect(isDeaf)
            #expect(try client.receive() == "FAIL\t1\tuser=alice")
            #expect(try client.receive() == nil)
            #expect(server.stop() == .code(0))
        }

        @Test("SIGHUP brings a new configuration, and a connection from before goes on")
        func reload() throws {
            let server = try ServerUnderTest(settings)
            let old = try AuthConversation(server.socket)
            #expect(old.mechanisms == ["PLAIN", "LOGIN"])
            #expect(try old.logIn(1, .alice) == "OK\t1\tuser=alice")
            settings.mechanisms = "plain"
            try server.reload(settings)
            let changed = try Patience.wait(for: .seconds(10)) {
                try AuthConversation(server.socket).mechanisms == ["PLAIN"]
            }
            #expect(changed)
            #expect(try old.logIn(2, .bob) == "OK\t2\tuser=bob")
        }

        @Test(
            "A SIGHUP that comes as soon as somebody was greeted is a reload, not the end",
            .enabled(if: ServerKind.current == .gatepost, "Dovecot's master traps signals before its auth process runs"))
        func earlySignal() throws {
            for round in 0..<10 {
                let server = try ServerUnderTest(settings)
                try server.reload(settings)
                let isReloaded = Patience.wait(for: .seconds(10)) { server.log.contains("Reloaded") }
                #expect(isReloaded, "round \(round): \(server.log)")
                #expect(server.stop() == .code(0))
            }
        }

        @Test("A new configuration that is broken is refused, and the old one stays in force")
        func brokenReload() throws {
            let server = try ServerUnderTest(settings)
            let old = try AuthConversation(server.socket)
            settings.mechanisms = "plain"
            try server.reload(settings, appending: "no_such_setting_at_all = yes\n")
            let logged = Patience.wait(for: .seconds(10)) { server.log.contains("no_such_setting_at_all") }
            #expect(logged, "\(server.log)")
            #expect(try AuthConversation(server.socket).mechanisms == ["PLAIN", "LOGIN"])
            #expect(try old.logIn(1, .alice) == "OK\t1\tuser=alice")
        }

        @Test(
            "When no file can be opened any more clients wait, the server stays calm, and goes on when one has left",
            .enabled(if: ServerKind.current == .gatepost, "Dovecot opens files of its own in between"))
        func openFiles() throws {
            let server = try ServerUnderTest(settings)
            var clients = [try AuthConversation(server.socket), try AuthConversation(server.socket)]
            // The connection that saw the server come up is let go of in its own time.
            let isSettled = try Patience.wait(for: .seconds(10)) {
                let open = try openFiles(of: server)
                usleep(100_000)
                return try openFiles(of: server) == open
            }
            #expect(isSettled)
            // Of the numbers below the limit one is free.
            let open = try openFiles(of: server)
            let free = (0...open.count + 1).filter { !open.contains($0) }
            let limit = try #require(free.dropFirst().first)
            _ = try ChildProcess.run(["prlimit", "--pid", "\(server.processID)", "--nofile=\(limit):\(limit)"])
            clients.append(try AuthConversation(server.socket))
            let waiting = try LineStream.unix(server.socket)
            let logged = Patience.wait(for: .seconds(10)) { server.log.contains("accept failed: Too many open files") }
            #expect(logged, "\(server.log)")
            let before = try processorTicks(of: server)
            sleep(1)
            // A loop that asked again and again would use a hundred in this second.
            #expect(try processorTicks(of: server) - before < 20)
            #expect(try clients[0].logIn(1, .alice) == "OK\t1\tuser=alice")
            clients.removeLast()
            #expect(try waiting.readLine() == "VERSION\t1\t2")
            // It is said once, not at each try.
            #expect(server.log.split(separator: "\n").count { $0.contains("accept failed") } == 1)
        }

        @Test(
            "As many clients may come as client_limit says, whatever a shell's limit is, or it is said at once",
            .enabled(if: ServerKind.current == .gatepost, "Dovecot only warns"))
        func clientLimit() throws {
            settings.openFileLimits = "64:600"
            settings.more = "service auth {\n  client_limit = 300\n}\n"
            let server = try ServerUnderTest(settings)
            let clients = try (0..<200).map { _ in try AuthConversation(server.socket) }
            #expect(try clients[199].logIn(1, .alice) == "OK\t1\tuser=alice")
            #expect(!server.log.contains("client_limit"))
            // The limit that was asked for last counts.
            settings.more = "service auth {\n  client_limit = 3000\n}\n"
            try server.reload(settings)
            let isTold = Patience.wait(for: .seconds(10)) {
                server.log.contains("Warning: client_limit = 3000, but this process may have only 600 files open")
            }
            #expect(isTold, "\(server.log)")
            server.stop()

            settings.openFileLimits = "64:64"
            let small = try ServerUnderTest(settings)
            defer { small.stop() }
            #expect(small.log.contains("Warning: client_limit = 3000, but this process may have only 64 files open"))
        }

        private func openFiles(of server: ServerUnderTest) throws -> Set<Int> {
            let listing = try ChildProcess.run(["ls", "/proc/\(server.processID)/fd"])
            return Set(listing.output.split(separator: "\n").compactMap { Int($0) })
        }

        /// Processor time in the kernel's ticks, of which a second has a hundred (proc(5)).
        private func processorTicks(of server: ServerUnderTest) throws -> Int {
            let text = try #require(TextFile.read("/proc/\(server.processID)/stat"))
            let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
            try #require(fields.count > 12)
            return try #require(Int(fields[11])) + #require(Int(fields[12]))
        }

        @Test("A user added to the passwd-file can log in, and one taken out no longer can")
        func changedUsers() throws {
            settings.users = "\(place.path)/users"
            try place.write("alice:{PLAIN}wonderland\n", to: "users")
            let server = try ServerUnderTest(settings)
            let client = try AuthConversation(server.socket)
            #expect(try client.logIn(1, .alice) == "OK\t1\tuser=alice")
            #expect(try client.logIn(2, .dave)?.hasPrefix("FAIL\t2\tuser=dave") == true)
            try place.write("dave:{PLAIN}open the pod\n", to: "users")
            // Dovecot looks at the file once a second at most.
            var id = 2
            let welcomed = try Patience.wait(for: .seconds(10)) {
                id += 1
                return try client.logIn(id, .dave) == "OK\t\(id)\tuser=dave"
            }
            #expect(welcomed)
            #expect(try client.logIn(id + 1, .alice)?.hasPrefix("FAIL\t") == true)
        }

        @Test("A socket file that a crash has left behind is replaced")
        func staleSocket() throws {
            let bind = "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
            #expect(try ChildProcess.run(["python3", "-c", bind, settings.socket]).succeeded)
            #expect(Places.exists(settings.socket))
            let server = try ServerUnderTest(settings)
            #expect(try AuthConversation(server.socket).logIn(1, .alice) == "OK\t1\tuser=alice")
        }

        @Test(
            "A socket that another process serves is left alone, and the second server says so",
            .enabled(if: ServerKind.current == .gatepost, "our own words"))
        func liveSocket() throws {
            let server = try ServerUnderTest(settings)
            let words = try refusal(settings)
            #expect(words.contains("already in use by another process"), "\(words)")
            #expect(words.contains(settings.socket))
            #expect(try AuthConversation(server.socket).logIn(1, .alice) == "OK\t1\tuser=alice")
        }

        @Test(
            "A listener that can't be made is named in one sentence",
            .enabled(if: ServerKind.current == .gatepost, "our own words"),
            arguments: [
                ("/tmp/gp-nowhere/auth", "", "/tmp/gp-nowhere"), ("", "no-such-user", "no-such-user"),
                ("/proc/auth", "", "/proc/auth"),
            ])
        func badListener(socket: String, user: String, named: String) throws {
            if !socket.isEmpty { settings.socket = socket }
            settings.access.user = user
            let words = try refusal(settings)
            #expect(words.contains(named), "\(words)")
        }

        @Test(
            "Who may not make a listener is told what to do instead",
            .enabled(if: Requirement.isRoot && ServerKind.current == .gatepost, "plays somebody else than root"),
            arguments: [
                ("/usr/share/auth", "", """
                    /usr/share/auth: no permission to create a socket in /usr/share: Permission denied; start as root, \
                    or choose a directory of your own

                    """),
                ("/tmp/gp-given-away", "user = root", """
                    /tmp/gp-given-away: can't give the socket to user root: Operation not permitted; start as root, \
                    or leave out "user" and "group"

                    """),
                ("/tmp/gp-given-away", "user = root\n    group = daemon", "give the socket to user root and group daemon: "),
            ])
        func notAllowed(socket: String, owner: String, words: String) throws {
            try place.write(
                """
                log_path = /dev/stderr
                passdb {
                  driver = static
                  args = password=x
                }
                service auth {
                  unix_listener \(socket) {
                    \(owner)
                  }
                }

                """, to: "unprivileged.conf")
            let outcome = try ChildProcess.run(
                ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", Places.gatepost, "serve",
                    "-c", "\(place.path)/unprivileged.conf"])
            #expect(outcome.exit == .code(1))
            #expect(outcome.errors.contains(words), "\(outcome)")
            #expect(!Places.exists(socket))
        }

        /// What the server says when it doesn't start.
        private func refusal(_ settings: ServerUnderTest.Settings) throws -> String {
            do {
                _ = try ServerUnderTest(settings)
            } catch let failure as Failure {
                return failure.description
            }
            throw Failure("the server has started")
        }
    }
}
