import Testing

extension RealPeers {
    @Suite(
        "Hashing passwords from the command line", .serialized, .timeLimit(.minutes(3)),
        .enabled(if: Places.exists(Places.gatepost), "needs gatepost itself (make test)"))
    struct PwCommandTests {
        static let hasDoveadm: Bool = Places.exists("/usr/bin/doveadm")
        static let password: String = "pässwörd {}$:,=!*"

        /// What Dovecot lists; none without it.
        static let schemes: [String] =
            hasDoveadm
            ? ((try? ChildProcess.run(["doveadm", "pw", "-l"]))?.output ?? "")
                .split(whereSeparator: \.isWhitespace).map(String.init)
            : []

        private func pw(_ words: [String], input: String = "") throws -> ChildProcess.Outcome {
            try ChildProcess.run([Places.gatepost, "pw"] + words, input: input)
        }

        private func doveadm(_ words: [String], input: String = "") throws -> ChildProcess.Outcome {
            try ChildProcess.run(["doveadm", "pw"] + words, input: input)
        }

        @Test("It lists every scheme that doveadm lists", .enabled(if: hasDoveadm, "needs doveadm"))
        func list() throws {
            let ours = try pw(["-l"]).output.split(whereSeparator: \.isWhitespace).map(String.init)
            #expect(Self.schemes.count > 25)
            #expect(Set(Self.schemes).subtracting(ours) == [])
        }

        @Test("doveadm pw -t accepts what it makes", .enabled(if: hasDoveadm, "needs doveadm"), arguments: schemes + [
            "yescrypt", "gost-yescrypt", "scrypt", "SHA256.hex", "SSHA512.b64", "PLAIN.b64", "blf-crypt.hex",
        ])
        func accepted(scheme: String) throws {
            let made = try pw(["-s", scheme, "-p", Self.password, "-u", "tim@example.com", "-V"])
            #expect(made.exit == .code(0), "\(made)")
            #expect(made.output.hasSuffix(" (verified)\n"))
            let hash = String(made.output.dropLast(" (verified)\n".count))
            let test = ["-t", hash, "-u", "tim@example.com", "-p"]
            #expect(try doveadm(test + [Self.password]).exit == .code(0), "\(made)")
            #expect(try doveadm(test + ["x" + Self.password]).exit == .code(75), "\(made)")
        }

        @Test("It accepts what doveadm pw makes", .enabled(if: hasDoveadm, "needs doveadm"), arguments: schemes)
        func accepts(scheme: String) throws {
            let made = try doveadm(["-s", scheme, "-p", Self.password, "-u", "tim@example.com"])
            let hash = String(made.output.dropLast())
            let test = ["-t", hash, "-u", "tim@example.com", "-p"]
            let right = try pw(test + [Self.password])
            if scheme == "PLAIN-TRUNC" {
                // doveadm writes it without the length that it is read with, and refuses its own output.
                #expect(try doveadm(test + [Self.password]).exit == .code(75))
                #expect(right.exit == .code(75), "\(right)")
                return
            }
            #expect(right.exit == .code(0), "\(right)")
            #expect(right.output == "\(hash) (verified)\n")
            let wrong = try pw(test + ["x" + Self.password])
            #expect(wrong.exit == .code(75))
            #expect(wrong.output == "")
        }

        @Test("Output and exit code are doveadm's, on success", .enabled(if: hasDoveadm, "needs doveadm"), arguments: [
            ["-s", "PLAIN", "-p", "x"], ["-s", "plain", "-p", "x", "-V"], ["-s", "PLAIN.hex", "-p", "x"],
            ["-s", "digest-md5", "-u", "a@b", "-p", "x"], ["-s", "SHA256", "-p", ""], ["-s", "cram-md5.b64", "-p", "x"],
            ["-s", "PLAIN", "-r", "5", "-p", "x"], ["-s", "PLAIN", "-r", "0", "-p", "x"], ["-s", "PLAIN", "-p", "-x"],
            ["-t", "{PLAIN.hex}78", "-p", "x"], ["-t", "{PLAIN}x", "-V", "-p", "x"], ["-s", "SHA", "-t", "{PLAIN}x", "-p", "x"],
            ["-t", "$1$vu2p4LJi$zusmzPkqnKcahDpLRADdQ.", "-p", "correct horse"],
        ])
        func sameOutput(words: [String]) throws {
            let (ours, theirs) = (try pw(words), try doveadm(words))
            #expect(ours.exit == theirs.exit, "\(ours)")
            #expect(ours.output == theirs.output)
            #expect(ours.exit == .code(0))
        }

        @Test("Errors have doveadm's exit code and the reason in its words", .enabled(if: hasDoveadm, "needs doveadm"), arguments: [
            (["-s", "nosuch", "-p", "x"], "Unknown scheme: NOSUCH"),
            (["-s", "plain.foo", "-p", "x"], "Unknown scheme: PLAIN.FOO"),
            (["-t", "{PLAIN}y", "-p", "x"], "reverse password verification check failed: Password mismatch"),
            (["-t", "x", "-p", "x"], "Missing {scheme} prefix from hash"),
            (["-t", "{nosuch}x", "-p", "x"], "reverse decode check failed: "),
            (["-t", "{SHA}fake==", "-p", "x"], "Input isn't valid base64 encoded data"),
            (["-s", "digest-md5", "-p", "x"], "user"),
            (["-s", "PLAIN", "-r", "4294967296", "-p", "x"], "Invalid number of rounds: 4294967296"),
            (["-s", "PLAIN", "-p", "x", "more"], ""),
            (["-Z"], ""),
        ])
        func sameErrors(words: [String], reason: String) throws {
            let (ours, theirs) = (try pw(words), try doveadm(words))
            #expect(ours.exit == theirs.exit, "\(ours)")
            #expect(ours.output == "" && ours.exit != .code(0))
            #expect(reason.isEmpty || ours.errors.contains(reason), "\(ours)")
            #expect(reason.isEmpty || theirs.errors.contains(reason), "\(theirs)")
        }

        @Test("Who has SCRAM-SHA-512 for a scheme is told what that mechanism needs, and not to take another")
        func scramSHA512() throws {
            let outcome = try ChildProcess.run([Places.gatepost, "pw", "-s", "scram-sha-512", "-p", "x"])
            #expect(outcome.exit == .code(75))
            #expect(
                outcome.errors == "Error: Unknown scheme: SCRAM-SHA-512 (Dovecot has none, and logins by that mechanism need "
                    + "the password itself: -s PLAIN)\n")
        }

        @Test("Limits of -r are doveadm's", .enabled(if: hasDoveadm, "needs doveadm"), arguments: [
            ("BLF-CRYPT", "3"), ("BLF-CRYPT", "6"), ("CRYPT", "2"), ("CRYPT", "7"), ("SHA256-CRYPT", "10"),
            ("SHA512-CRYPT", "999"), ("SHA512-CRYPT", "1000"), ("SHA512-CRYPT", "12345"), ("PBKDF2", "1"), ("ARGON2I", "3"),
        ])
        func rounds(scheme: String, rounds: String) throws {
            let words = ["-s", scheme, "-r", rounds, "-p", "x"]
            let (ours, theirs) = (try pw(words), try doveadm(words))
            func cost(_ text: String) throws -> Substring {
                let fields = text.split(separator: "$")
                try #require(fields.count > 3)
                return switch scheme {
                case "PBKDF2": fields[3]
                // Memory is ours to choose.
                case "ARGON2I": fields[3].drop { $0 != "," }
                case "CRYPT", "BLF-CRYPT": fields[2]
                default: fields[2].hasPrefix("rounds=") ? fields[2] : ""
                }
            }
            #expect(ours.exit == .code(0), "\(ours)")
            #expect(try cost(ours.output) == cost(theirs.output))
        }

        @Test("Without -p a line of standard input is the password", arguments: ["x", "x\n", "x\ny\n"])
        func standardInput(input: String) throws {
            #expect(try pw(["-s", "PLAIN"], input: input).output == "{PLAIN}x\n")
            #expect(try pw(["-t", "{PLAIN}x"], input: input).output == "{PLAIN}x (verified)\n")
        }

        @Test("An input that ends at once is no empty password")
        func noInput() throws {
            let outcome = try pw(["-s", "PLAIN"])
            #expect(outcome.exit == .code(75))
            #expect(outcome.output == "")
        }

        @Test("At a terminal it asks twice and shows nothing; doveadm's questions are the same")
        func terminal() throws {
            let terminal = try Terminal()
            let child = try ChildProcess(
                [Places.gatepost, "pw", "-s", "SHA"], input: terminal.device, output: terminal.device,
                errors: terminal.device)
            try terminal.expect("Enter new password: ")
            try terminal.type("wonderland\n")
            try terminal.expect("Retype new password: ")
            try terminal.type("wonderland\n")
            // printf wonderland | openssl sha1 -binary | base64
            try terminal.expect("{SHA}tiY7sUhYKUwI5L3866kDY+ENcrQ=")
            #expect(child.waitForExit(within: .seconds(30)) == .code(0))
            #expect(!terminal.shown.contains("wonderland"))
        }

        @Test("Calibrating ends with an -r that the scheme takes", arguments: ["yescrypt", "BLF-CRYPT", "SHA512-CRYPT", "PBKDF2"])
        func calibration(scheme: String) throws {
            let outcome = try pw(["--calibrate", "10ms", "-s", scheme])
            #expect(outcome.exit == .code(0), "\(outcome)")
            let words = outcome.output.split(whereSeparator: \.isWhitespace).map(String.init).suffix(4)
            #expect(words.first == "-s")
            #expect(try pw(Array(words) + ["-p", "x"]).errors == "")
        }
    }
}
