import Testing

extension RealPeers {
    @Suite(
        "Trying a login from the command line", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunServer, "needs the auth server (make test); Dovecot needs root, too"))
    final class CommandLineTests {
        let place: TemporaryDirectory
        let server: ServerUnderTest

        init() throws {
            place = try TemporaryDirectory()
            server = try ServerUnderTest(.init(socket: "\(place.path)/auth"))
        }

        deinit {
            server.stop()
            place.remove()
        }

        static let tools: [[String]] =
            (Places.exists("/usr/bin/doveadm") ? [["doveadm"]] : [])
            + (Places.exists(Places.gatepost) ? [[Places.gatepost]] : [])

        @Test("auth test tells right from wrong by exit codes 0 and 77", arguments: tools)
        func authTest(tool: [String]) throws {
            for who in Credentials.all {
                let options = ["auth", "test", "-a", server.socket, "-x", "service=smtp", "-x", "rip=192.0.2.1"]
                let accepted = try ChildProcess.run(tool + options + [who.user, who.password])
                #expect(accepted.exit == .code(0), "\(accepted)")
                #expect(accepted.output.contains("user=\(who.user)"))
                let refused = try ChildProcess.run(tool + options + [who.user, "not " + who.password])
                #expect(refused.exit == .code(77), "\(refused)")
            }
        }

        @Test(
            "At a terminal auth test asks for the password and shows nothing of it",
            .enabled(if: Places.exists(Places.gatepost), "doveadm drops what is typed too soon"))
        func prompt() throws {
            for (password, exit) in [("wonderland", 0), ("not wonderland", 77)] as [(String, Int32)] {
                let terminal = try Terminal()
                let child = try ChildProcess(
                    [Places.gatepost, "auth", "test", "-a", server.socket, "-x", "service=smtp", "alice"], input: terminal.device,
                    output: terminal.device, errors: terminal.device)
                try terminal.expect("Password: ")
                try terminal.type(password + "\n")
                try terminal.expect(exit == 0 ? "auth succeeded" : "auth failed")
                #expect(child.waitForExit(within: .seconds(30)) == .code(exit))
                #expect(!terminal.shown.contains("wonderland"))
            }
        }

        // The option is ours: Dovecot 2.3's doveadm takes no mechanism, and uses PLAIN.
        @Test(
            "What auth test can't make sense of is said with its usage, and nothing is asked",
            .enabled(if: Places.exists(Places.gatepost), "doveadm has words of its own"),
            arguments: [
                (["-M", "NTLM"], "the mechanism NTLM can't be tried here"), (["-x", "rip=999"], "rip: Invalid ip \"999\""),
                (["-x", "=x"], "-x needs NAME=VALUE"), (["-x", "resp=x"], "-x resp=… is what the mechanism says"),
            ])
        func misuse(options: [String], words: String) throws {
            let outcome = try ChildProcess.run([Places.gatepost, "auth", "test", "-a", server.socket] + options + ["alice"])
            #expect(outcome.exit == .code(64), "\(outcome)")
            #expect(outcome.errors.hasPrefix("Error: \(words)"))
            #expect(outcome.errors.contains("\nUsage: gatepost auth test [-a <a>]"))
        }

        @Test("auth test without a password says what is missing", .enabled(if: Places.exists(Places.gatepost), "ours"))
        func noPassword() throws {
            let outcome = try ChildProcess.run([Places.gatepost, "auth", "test", "-a", server.socket, "alice"])
            #expect(outcome.exit == .code(64))
            #expect(outcome.errors == "Error: no password: standard input ended without one\n")
        }

        @Test("auth test takes the mechanism", arguments: tools.filter { $0 != ["doveadm"] }, ["PLAIN", "LOGIN"])
        func mechanism(tool: [String], name: String) throws {
            let outcome = try ChildProcess.run(
                tool + ["auth", "test", "-a", server.socket, "-M", name, "alice", "wonderland"])
            #expect(outcome.exit == .code(0), "\(outcome)")
        }
    }

    @Suite(
        "The quickstart example", .serialized, .timeLimit(.minutes(1)),
        .enabled(if: ServerKind.current == .gatepost, "Dovecot hands no environment to its auth process"),
        .enabled(if: Requirement.hasServer, "needs the auth server (make test)"))
    struct QuickstartTests {
        @Test("Serves its socket in the directory that GATEPOST_RUN names, and logs its users in")
        func serves() throws {
            let place = try TemporaryDirectory()
            let socket = "\(place.path)/auth"
            let daemon = try Daemon(
                [Places.gatepost, "serve", "-c", "\(Places.repository)/Examples/quickstart/dovecot.conf"],
                environment: ["GATEPOST_RUN=\(place.path)", "GATEPOST_USERS=\(Places.demoUsers)"], in: place
            ) {
                _ = try AuthConversation(socket)
            }
            defer { daemon.stop() }
            let client = try AuthConversation(socket)
            for (number, who) in Credentials.all.enumerated() {
                #expect(try client.logIn(number + 1, who) == "OK\t\(number + 1)\tuser=\(who.user)")
            }
        }
    }
}
