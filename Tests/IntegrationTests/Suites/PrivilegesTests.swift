import Glibc
import Testing

extension RealPeers {
    @Suite(
        "Giving up root", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: ServerKind.current == .gatepost, "our own process"),
        .enabled(if: Requirement.hasServer && Requirement.isRoot, "needs the auth server (make test) and root"))
    final class PrivilegesTests {
        let place: TemporaryDirectory
        var settings: ServerUnderTest.Settings

        init() throws {
            place = try TemporaryDirectory()
            settings = .init(socket: "\(place.path)/auth")
            // Accounts and groups that Debian always has.
            settings.more = "service auth {\n  user = nobody\n  group = mail\n}\n"
        }

        deinit {
            place.remove()
        }

        /// The id of a group by the system's own table.
        private static func group(_ name: String) -> String? {
            let line = TextFile.read("/etc/group")?.split(separator: "\n").first { $0.hasPrefix(name + ":") }
            return line?.split(separator: ":").last { UInt32($0) != nil }.map(String.init)
        }

        /// A server that has done some work, so that all its threads are there.
        private func busyServer() throws -> (ServerUnderTest, RunningProcess) {
            let server = try ServerUnderTest(settings)
            let client = try AuthConversation(server.socket)
            for (number, who) in Credentials.all.enumerated() {
                #expect(try client.logIn(number + 1, who) == "OK\t\(number + 1)\tuser=\(who.user)")
            }
            return (server, try RunningProcess(listeningOn: server.socket))
        }

        @Test("Every thread has the user and the group of the service, for good, and no other group")
        func identity() throws {
            let (server, process) = try busyServer()
            defer { server.stop() }
            let mail = try #require(Self.group("mail"))
            let users = process.status("Uid")
            #expect(users.count > 2, "the event loops and the hashing threads are missing")
            // Real, effective, saved and of the file system.
            #expect(Set(users) == [Array(repeating: "65534", count: 4)])
            #expect(Set(process.status("Gid")) == [Array(repeating: mail, count: 4)])
            #expect(Set(process.status("Groups")) == [[]])
        }

        @Test("No thread keeps a capability, or can gain what was given up")
        func capabilities() throws {
            let (server, process) = try busyServer()
            defer { server.stop() }
            for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
                #expect(Set(process.status(set)) == [["0000000000000000"]], "\(set)")
            }
            #expect(Set(process.status("NoNewPrivs")) == [["1"]])
        }

        @Test("It leaves no core file, and only root looks into it")
        func dumps() throws {
            let (server, process) = try busyServer()
            defer { server.stop() }
            #expect(process.limits("Max core file size") == ["0", "0"])
            #expect(process.owner == 0)
        }

        @Test("With the shadow passdb, and only with it, the group shadow is added")
        func shadow() throws {
            settings.more += "passdb {\n  driver = shadow\n}\n"
            let (server, process) = try busyServer()
            defer { server.stop() }
            let shadow = try #require(Self.group("shadow"))
            #expect(Set(process.status("Groups")) == [[shadow]])
            // A user whom only shadow knows and who has no login: the file can be read.
            let client = try AuthConversation(server.socket)
            // printf '\0daemon\0secret' | base64
            let reply = try client.say("AUTH\t1\tPLAIN\tservice=smtp\tresp=AGRhZW1vbgBzZWNyZXQ=")
            // That the account is locked is told only to who knows its password, which it has not; the log has it.
            #expect(reply == "FAIL\t1\tuser=daemon")
            let isRead = Patience.wait(for: .seconds(5)) { server.log.contains("shadow(daemon): invalid password field") }
            #expect(isRead, "\(server.log)")
        }

        @Test("A log file that root has made is still written after a reload")
        func logFile() throws {
            let log = "\(place.path)/debug.log"
            settings.more += "debug_log_path = \(log)\n"
            let (server, process) = try busyServer()
            defer { server.stop() }
            try server.reload(settings)
            let isReloaded = Patience.wait(for: .seconds(10)) { server.log.contains("auth: Info: Reloaded") }
            #expect(isReloaded, "\(server.log)")
            let client = try AuthConversation(server.socket)
            #expect(try client.logIn(4711, .alice) == "OK\t4711\tuser=alice")
            #expect(TextFile.read(log)?.contains("OK\t4711\tuser=alice") == true)
            // Nobody may make a file in root's directory, which has to be said where it is read.
            #expect(unsafe rename(log, log + ".1") == 0)
            kill(process.pid, SIGUSR1)
            let isTold = Patience.wait(for: .seconds(10)) {
                TextFile.read(log + ".1")?.contains("can't open the log file \(log) again: Permission denied") == true
            }
            #expect(isTold, "\(server.log)")
            #expect(try client.logIn(4712, .alice) == "OK\t4712\tuser=alice")
            #expect(TextFile.read(log + ".1")?.contains("OK\t4712\tuser=alice") == true)
        }

        @Test("Standard output is written as it is, and not opened anew: it may be a socket, or somebody else's")
        func standardOutput() throws {
            // systemd's journal is a socket.
            let script = """
                import os, signal, socket, subprocess, sys, time
                ours, its = socket.socketpair()
                server = subprocess.Popen(sys.argv[1:], stdout=its)
                its.close()
                ours.settimeout(20)
                steps = [(b"Listening on", signal.SIGHUP), (b"Reloaded", signal.SIGUSR1), (b"again", signal.SIGTERM)]
                text = b""
                try:
                    while data := ours.recv(4096):
                        text += data
                        if steps and steps[0][0] in text:
                            # It listens before it listens to signals.
                            time.sleep(0.3)
                            server.send_signal(steps.pop(0)[1])
                    status = server.wait(20)
                finally:
                    server.kill()
                sys.stdout.write(text.decode())
                sys.exit(status)
                """
            let configuration = "\(place.path)/stdout.conf"
            try TextFile.write(
                """
                base_dir = \(place.path)
                log_path = /dev/stderr
                info_log_path = /dev/stdout
                passdb {
                  driver = passwd-file
                  args = /etc/passwd
                }
                service auth {
                  user = nobody
                  unix_listener \(place.path)/stdout {
                  }
                }

                """, to: configuration)
            let outcome = try ChildProcess.run(["python3", "-c", script, Places.gatepost, "serve", "-c", configuration])
            #expect(outcome.succeeded && outcome.errors.isEmpty, "\(outcome)")
            let words = ["Listening on", "SIGHUP received", "Reloaded", "SIGUSR1 received", "Stopped"]
            #expect(words.allSatisfy(outcome.output.contains) && !outcome.output.contains("can't open"), "\(outcome)")
        }

        // The configuration of ServerUnderTest has 20 lines before these.
        @Test("A user, group or further group that isn't there is named with its line, and the server doesn't start", arguments: [
            ("service auth {\n  user = no-such-user\n}", 2, "there is no user \"no-such-user\""),
            ("default_internal_user = no-such-user", 1, "there is no user \"no-such-user\""),
            ("service auth {\n  user = nobody\n  group = no-such-group\n}", 3, "there is no group \"no-such-group\""),
            ("service auth {\n  user = nobody\n  extra_groups = no-such-group\n}", 3, "there is no group \"no-such-group\""),
        ])
        func unknownNames(lines: String, line: Int, words: String) throws {
            settings.more = "\(lines)\n"
            do {
                try ServerUnderTest(settings).stop()
                Issue.record("the server has started")
            } catch let failure as Failure {
                #expect(failure.description.contains("dovecot.conf:\(20 + line): \(words)"), "\(failure)")
            }
        }
    }

    @Suite(
        "Reloading", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: ServerKind.current == .gatepost, "our own words"),
        .enabled(if: Requirement.hasServer, "needs the auth server (make test)"))
    final class ReloadTests {
        let place: TemporaryDirectory
        var settings: ServerUnderTest.Settings

        init() throws {
            place = try TemporaryDirectory()
            settings = .init(socket: "\(place.path)/auth")
        }

        deinit {
            place.remove()
        }

        private func listener(_ name: String) -> String {
            "service auth {\n  unix_listener \(place.path)/\(name) {\n    mode = 0666\n  }\n}\n"
        }

        @Test(
            "Of a socket that only root can make or give away it is said that it takes a restart",
            .enabled(if: Requirement.isRoot, "needs root"), arguments: [
                "unix_listener DIR/second {\n  }", "unix_listener DIR/auth {\n    mode = 0600\n  }",
                "unix_listener DIR/auth {\n    group = mail\n  }",
            ])
        func needsRoot(listener: String) throws {
            settings.more = "service auth {\n  user = nobody\n}\n"
            let server = try ServerUnderTest(settings)
            defer { server.stop() }
            settings.more += "service auth {\n  \(listener.replacing("DIR", with: place.path))\n}\n"
            try server.reload(settings)
            let words = "the old one stays in force; sockets that need root are made by a restart"
            let isRefused = Patience.wait(for: .seconds(10)) { server.log.contains(words) }
            #expect(isRefused, "\(server.log)")
            #expect(try AuthConversation(settings.socket).logIn(1, .alice) == "OK\t1\tuser=alice")
        }

        @Test("A socket's account that isn't there is named with the listener's line, and the old configuration stays")
        func unknownAccount() throws {
            let server = try ServerUnderTest(settings)
            defer { server.stop() }
            // The configuration of ServerUnderTest has 20 lines before these.
            settings.more = listener("second").replacing("mode = 0666", with: "user = no-such-user")
            try server.reload(settings)
            let isRefused = Patience.wait(for: .seconds(10)) { server.log.contains("the old one stays in force") }
            #expect(isRefused, "\(server.log)")
            let words = "dovecot.conf:22: \(place.path)/second: there is no user \"no-such-user\" on this system"
            #expect(server.log.contains(words), "\(server.log)")
            #expect(try AuthConversation(settings.socket).logIn(1, .alice) == "OK\t1\tuser=alice")
        }

        @Test("A byte order mark in the passwd-file is told when it is read, and no more once it is gone")
        func byteOrderMark() throws {
            let users = "\(place.path)/users"
            settings.users = users
            try TextFile.write("\u{feff}bob:{PLAIN}x\nalice:{PLAIN}wonderland\n", to: users, mode: 0o644)
            let server = try ServerUnderTest(settings)
            defer { server.stop() }
            let words = "auth: Error: passwd-file \(users):1: The file begins with a byte order mark"
            #expect(Patience.wait(for: .seconds(10)) { server.log.contains(words) }, "\(server.log)")
            let client = try AuthConversation(settings.socket)
            #expect(try client.logIn(1, .alice) == "OK\t1\tuser=alice")
            try TextFile.write("alice:{PLAIN}wonderland\n", to: users, mode: 0o644)
            try server.reload(settings)
            #expect(Patience.wait(for: .seconds(10)) { server.log.contains("auth: Info: Reloaded") }, "\(server.log)")
            #expect(server.log.split(separator: words).count == 2, "\(server.log)")
        }

        @Test("One that fails at its second socket leaves nothing behind, and works once the fault is mended")
        func twice() throws {
            let server = try ServerUnderTest(settings)
            defer { server.stop() }
            settings.more = listener("second") + listener("third/auth")
            try server.reload(settings)
            let isRefused = Patience.wait(for: .seconds(10)) { server.log.contains("the old one stays in force") }
            #expect(isRefused, "\(server.log)")
            #expect(server.log.contains("\(place.path)/third does not exist"))
            #expect(!Places.exists("\(place.path)/second"))
            #expect(unsafe mkdir("\(place.path)/third", 0o755) == 0)
            try server.reload(settings)
            let isReloaded = Patience.wait(for: .seconds(10)) { server.log.contains("auth: Info: Reloaded") }
            #expect(isReloaded, "\(server.log)")
            for path in [settings.socket, "\(place.path)/second", "\(place.path)/third/auth"] {
                #expect(try AuthConversation(path).logIn(1, .alice) == "OK\t1\tuser=alice")
            }
        }
    }
}
