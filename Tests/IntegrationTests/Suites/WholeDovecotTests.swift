import Glibc
import Testing

extension RealPeers {
    @Suite(
        "A whole Dovecot behind Gatepost (Examples/whole-dovecot)", .serialized, .timeLimit(.minutes(2)),
        .enabled(
            if: Requirement.canRunWholeDovecot && ServerKind.current == .gatepost,
            "needs root, Dovecot, an unpacked dovecot-imapd and Gatepost (make test)"))
    struct WholeDovecotTests {
        /// Dovecot's IMAP server, and Gatepost on the sockets where its programs look for an auth service.
        private struct Installation {
            let dovecot: Daemon
            let gatepost: Daemon
            let port: UInt16

            var directory: String { dovecot.directory.path }
            var gatepostLog: String { TextFile.read("\(directory)/gatepost.log") ?? "" }
            var dovecotLog: String { TextFile.read("\(directory)/dovecot.log") ?? "" }

            init() throws {
                let place = try TemporaryDirectory()
                let port = try LineStream.freePort()
                self.port = port
                dovecot = try Daemon(
                    [
                        "\(Places.repository)/Examples/whole-dovecot/run-dovecot", place.path, "--port", "\(port)",
                        "--programs", Places.dovecotPrograms,
                    ], in: place
                ) {
                    _ = try LineStream.tcp(port: port)
                }
                gatepost = try Daemon([Places.gatepost, "serve", "-c", "\(place.path)/gatepost.conf"], in: TemporaryDirectory()) {
                    // IMAP greets as soon as it knows the mechanisms.
                    let stream = try LineStream.tcp(port: port)
                    guard try stream.readLine(within: .seconds(2))?.hasPrefix("* OK ") == true else {
                        throw Failure("no IMAP greeting\n\(TextFile.read("\(place.path)/dovecot.log") ?? "")")
                    }
                }
            }

            func stop() {
                gatepost.stop()
                dovecot.stop()
            }

            /// The names of somebody's mailboxes.
            func list(_ user: String, _ password: String, _ mechanism: String = "PLAIN") throws -> ChildProcess.Outcome {
                try ChildProcess.run([
                    "curl", "-sS", "--max-time", "20", "--login-options", "AUTH=\(mechanism)", "--user",
                    "\(user):\(password)", "imap://127.0.0.1:\(port)/",
                ])
            }

            func doveadm(_ words: String...) throws -> ChildProcess.Outcome {
                try ChildProcess.run(["doveadm", "-c", "\(directory)/dovecot.conf"] + words)
            }
        }

        @Test("Logs in over IMAP, refuses, lists and delivers to the mailbox that the userdb names")
        func imap() throws {
            let whole = try Installation()
            defer { whole.stop() }
            for mechanism in ["PLAIN", "LOGIN"] {
                for (user, password) in [("alice", "wonderland"), ("bob", "correct horse")] {
                    let outcome = try whole.list(user, password, mechanism)
                    #expect(outcome.output.contains("INBOX"), "\(outcome)\n\(whole.dovecotLog)\n\(whole.gatepostLog)")
                }
            }
            let refused = try whole.list("bob", "wrong")
            #expect(refused.exit == .code(67), "\(refused)")
            #expect(Places.exists("\(whole.directory)/mail/alice/Maildir"))
            #expect(Places.exists("\(whole.directory)/mail/bob/Elsewhere"))
            #expect(whole.dovecotLog.contains("Login: user=<alice>, method=PLAIN"))
            // It asks for the mechanisms before Gatepost is there.
            let errors = whole.dovecotLog.split(separator: "\n").filter {
                $0.contains("Error:") && !$0.contains("connect(login) failed")
            }
            #expect(errors.isEmpty)
        }

        @Test("doveadm finds users, their fields and mailboxes by its own default sockets")
        func doveadm() throws {
            let whole = try Installation()
            defer { whole.stop() }
            #expect(try whole.doveadm("user", "*").output == "alice\nbob\n")
            let bob = try whole.doveadm("user", "bob").output
            #expect(bob.contains("home\t\(whole.directory)/mail/bob\n") && bob.contains("mail\tmaildir:~/Elsewhere\n"), "\(bob)")
            #expect(try whole.doveadm("user", "carol").exit == .code(67))
            let mailboxes = try whole.doveadm("mailbox", "list", "-u", "alice")
            #expect(mailboxes.output == "INBOX\n", "\(mailboxes)")
            let test = try whole.doveadm("auth", "test", "-a", "\(whole.directory)/run/auth-client", "alice", "wonderland")
            #expect(test.output.contains("auth succeeded"), "\(test)")
        }

        @Test("A restart of Gatepost costs no login afterwards")
        func restart() throws {
            let whole = try Installation()
            defer { whole.stop() }
            #expect(try whole.list("alice", "wonderland").succeeded)
            whole.gatepost.send(SIGHUP)
            #expect(try whole.list("alice", "wonderland").succeeded)
        }
    }
}
