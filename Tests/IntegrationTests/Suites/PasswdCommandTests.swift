import Glibc
import Testing

extension RealPeers {
    @Suite(
        "Changing passwords from the command line", .serialized, .timeLimit(.minutes(3)),
        .enabled(if: Places.exists(Places.gatepost), "needs gatepost itself (make test)"))
    final class PasswdCommandTests {
        let place: TemporaryDirectory
        var users: String { "\(place.path)/users" }

        init() throws {
            place = try TemporaryDirectory()
        }

        deinit {
            place.remove()
        }

        private func passwd(_ words: String..., input: String = "") throws -> ChildProcess.Outcome {
            try ChildProcess.run([Places.gatepost, "passwd"] + words, input: input)
        }

        private func names() throws -> [String] {
            try ChildProcess.run(["ls", "-A", place.path]).output.split(separator: "\n").map(String.init)
        }

        @Test("A user is added, changed and deleted; the password may come from standard input")
        func life() throws {
            let missing = try passwd(users, "alice", "-p", "wonderland")
            #expect(missing.exit == .code(1))
            #expect(missing.errors.contains("-c"))
            let added = try passwd("-c", "-s", "PLAIN", users, "alice", input: "wonderland\nnext line\n")
            #expect(added.exit == .code(0), "\(added)")
            #expect(TextFile.read(users) == "alice:{PLAIN}wonderland\n")
            #expect(try passwd(users, "bob", "-s", "plain", "-p", "-x").succeeded)
            #expect(try passwd(users, "alice", "-s", "plain.b64", "-p", "looking:glass").succeeded)
            // printf looking:glass | base64
            #expect(TextFile.read(users) == "alice:{PLAIN.B64}bG9va2luZzpnbGFzcw==\nbob:{PLAIN}-x\n")
            #expect(try passwd("-D", users, "alice").succeeded)
            let again = try passwd("-D", users, "alice")
            #expect(again.exit == .code(1))
            #expect(again.errors.contains("alice") && again.errors.contains(users))
            #expect(TextFile.read(users) == "bob:{PLAIN}-x\n")
            #expect(try names() == ["users"])
        }

        @Test("What can't be meant is refused in words, and changes nothing", arguments: [
            ["", "x"], ["#a", "x"], ["a:b", "x"], ["a\nb", "x"], ["alice", ""], ["alice", "x", "-s", "SAH512"],
            ["alice", "a:b", "-s", "PLAIN"], ["alice", "x", "-r", "99"], ["alice", "x", "-r", "4", "-s", "SHA512"],
        ])
        func refused(words: [String]) throws {
            try place.write("alice:old\n", to: "users")
            let isWarning = words.last == "SHA512"
            let outcome = try ChildProcess.run(
                [Places.gatepost, "passwd", users, words[0], "-p", words[1]] + words.dropFirst(2))
            #expect(outcome.exit == .code(isWarning ? 0 : 1), "\(outcome)")
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
            #expect((TextFile.read(users) == "alice:old\n") != isWarning)
        }

        @Test("Of a name that nobody could log in with by the default settings it is said so", arguments: [
            ("Alice", "look for names in small letters unless auth_username_format says otherwise: Alice may never be found"),
            ("a b", "refuse names with \" \" unless auth_username_chars has it: a b may never log in"),
            ("tim+tag", "refuse names with \"+\" unless auth_username_chars has it: tim+tag may never log in"),
            ("jürgen", "refuse names with \"ü\" unless auth_username_chars has it: jürgen may never log in"),
            ("tim.o-t_0@example.com", ""),
        ])
        func doubtful(name: String, words: String) throws {
            let outcome = try passwd("-c", "-s", "PLAIN", users, name, "-p", "x")
            #expect(outcome.succeeded && TextFile.read(users) == "\(name):{PLAIN}x\n", "\(outcome)")
            #expect(outcome.errors == (words.isEmpty ? "" : "Warning: Dovecot and Gatepost \(words)\n"))
        }

        @Test("A byte order mark is told, with a remedy that works: the first line's user is another one until then")
        func byteOrderMark() throws {
            try place.write("\u{feff}alice:{PLAIN}old\n", to: "users")
            let deleted = try passwd("-D", users, "alice")
            #expect(deleted.exit == .code(1) && deleted.errors.contains("a byte order mark before the name in line 1"), "\(deleted)")
            let added = try passwd("-s", "PLAIN", users, "bob", "-p", "x")
            #expect(added.succeeded && added.errors.hasPrefix("Warning: \(users) begins with a byte order mark"), "\(added)")
            let remedy = try #require(added.errors.split(separator: "take it away: ").last)
            #expect(try ChildProcess.run(["sh", "-c", String(remedy)]).succeeded)
            #expect(TextFile.read(users).map { Array($0.utf8) } == Array("alice:{PLAIN}old\nbob:{PLAIN}x\n".utf8))
            let changed = try passwd("-s", "PLAIN", users, "alice", "-p", "new")
            #expect(changed.succeeded && changed.errors.isEmpty, "\(changed)")
            #expect(TextFile.read(users) == "alice:{PLAIN}new\nbob:{PLAIN}x\n")
        }

        @Test("No input is no password", arguments: ["", "\n"])
        func noInput(input: String) throws {
            try place.write("alice:old\n", to: "users")
            let outcome = try passwd(users, "alice", input: input)
            #expect(outcome.exit == .code(1))
            #expect(outcome.errors.contains("password"))
            #expect(TextFile.read(users) == "alice:old\n")
        }

        @Test("Twenty at the same time lose nothing", arguments: [true, false])
        func concurrently(exists: Bool) throws {
            if exists { try place.write("# ours\n", to: "users") }
            let null = TextFile.open("/dev/null", O_RDWR)
            defer { close(null) }
            let children = try (0..<20).map { number in
                try ChildProcess(
                    [Places.gatepost, "passwd", "-c", "-s", "PLAIN", "-p", "p\(number)", users, "user\(number)"],
                    input: null, output: null, errors: null)
            }
            for child in children { #expect(child.waitForExit(within: .seconds(60)) == .code(0)) }
            let lines = (TextFile.read(users) ?? "").split(separator: "\n").map(String.init)
            #expect(lines.sorted() == ((exists ? ["# ours"] : []) + (0..<20).map { "user\($0):{PLAIN}p\($0)" }).sorted())
            #expect(try names() == ["users"])
        }

        @Test("Killed at any instant, it leaves the old file or the new one")
        func killed() throws {
            let line = "user%06d:{SHA512-CRYPT}$6$0123456789abcdef$" + String(repeating: "x", count: 86) + ":1:2:g:h:s:k=v\n"
            let parts = line.split(separator: "%06d", maxSplits: 1).map(String.init)
            let middle = 10_000
            func content(_ password: String) -> String {
                var text = ""
                for number in 0..<20_000 {
                    text += number == middle ? "alice:{PLAIN}\(password):1:2:::x=y\n" : "\(parts[0])\(number + 100_000)\(parts[1])"
                }
                return text
            }
            try place.write(content("0"), to: "users", mode: 0o640)
            let null = TextFile.open("/dev/null", O_RDWR)
            defer { close(null) }
            func start(_ password: String) throws -> ChildProcess {
                try ChildProcess(
                    [Places.gatepost, "passwd", "-s", "PLAIN", "-p", password, users, "alice"],
                    input: null, output: null, errors: null)
            }
            let clock = ContinuousClock()
            // How long one takes here and now; the instants are spread over a little more than that.
            let begin = clock.now
            let first = try start("1").waitForExit(within: .seconds(30))
            let whole = clock.now - begin
            #expect(first == .code(0))
            var present = "1"
            var (old, new, leftovers) = (0, 0, 0)
            for number in 2..<202 {
                let next = "\(number)"
                let child = try start(next)
                usleep(useconds_t(whole / .microseconds(1) * Double.random(in: 0...1.2)))
                child.send(SIGKILL)
                _ = child.waitForExit(within: .seconds(30))
                if try names().count > 1 { leftovers += 1 }
                let text = TextFile.read(users)
                if text == content(next) {
                    present = next
                    new += 1
                } else {
                    old += 1
                    // Not text in the expectation: nobody wants to read two megabytes.
                    let isOld = text == content(present)
                    #expect(isOld, "after kill \(number) the file is neither the old nor the new one")
                    if !isOld { return }
                }
            }
            // Otherwise the instants missed what they were to hit.
            #expect(old > 0 && new > 0 && leftovers > 0, "\(old) old, \(new) new, \(leftovers) with a leftover")
            #expect(try passwd("-s", "PLAIN", "-p", "end", users, "alice").succeeded)
            #expect(TextFile.read(users) == content("end"))
            #expect(try names() == ["users"])
            #expect(try ChildProcess.run(["stat", "-c", "%a", users]).output == "640\n")
        }

        /// What changes something, or comes between two that do.
        private static let calls: [String] = [
            "openat", "flock", "fchmod", "fchown", "write", "fsync", "renameat", "unlinkat", "newfstatat", "close",
        ]
        private static let canTrace: Bool =
            Places.exists("/usr/bin/strace")
            && (try? ChildProcess.run(["strace", "-o", "/dev/null", "true"]))?.succeeded == true

        @Test("Killed at each single system call, too", .enabled(if: canTrace, "needs strace"), arguments: calls)
        func killedAtCalls(call: String) throws {
            let (old, new) = ("alice:old:1\nbob:x\n", "alice:{PLAIN}new:1\nbob:x\n")
            for number in 1...200 {
                try place.write(old, to: "users")
                let outcome = try ChildProcess.run(
                    ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=\(call):signal=KILL:when=\(number)",
                        Places.gatepost, "passwd", "-s", "PLAIN", "-p", "new", users, "alice"])
                let text = TextFile.read(users)
                #expect(text == old || text == new, "killed at \(call) \(number)")
                if outcome.exit == .signal(SIGKILL) { continue }
                // There are no more such calls: this run came through, and has tidied up after the others.
                #expect(outcome.exit == .code(0), "\(outcome)")
                #expect(text == new)
                #expect(try names() == ["users"])
                return
            }
            Issue.record("\(call) was called 200 times")
        }

        @Test("A limit on the size of files is told, and the old file stays")
        func sizeLimit() throws {
            let old = String(repeating: "# a line of text that takes some room\n", count: 1000)
            try place.write(old, to: "users")
            let outcome = try ChildProcess.run(
                ["bash", "-c", "ulimit -f 8; exec \"$0\" passwd -s PLAIN -p x \"$1\" alice", Places.gatepost, users])
            #expect(outcome.exit == .code(1), "\(outcome)")
            #expect(outcome.errors.contains("File too large") && outcome.errors.contains("ulimit"), "\(outcome)")
            #expect(TextFile.read(users) == old)
            #expect(try names() == ["users"])
        }

        @Test("A full disk is told, and the old file stays", .enabled(if: Requirement.isRoot, "only root can mount"))
        func fullDisk() throws {
            let disk = "\(place.path)/disk"
            // In a mount namespace of its own, so that nothing is left mounted.
            let script = """
                mkdir "$1" && mount -t tmpfs -o size=64k none "$1" || exit 99
                head -c 40000 /dev/zero | tr '\\0' '#' > "$1/users"; echo >> "$1/users"
                cp "$1/users" "$1/../before"
                "$0" passwd -s PLAIN -p x "$1/users" alice; code=$?
                cmp "$1/users" "$1/../before" && test "$(ls -A "$1")" = users || exit 98
                exit $code
                """
            let outcome = try ChildProcess.run(["unshare", "-m", "bash", "-c", script, Places.gatepost, disk])
            // Containers may forbid it.
            if outcome.exit == .code(99) || outcome.errors.contains("unshare failed") { return }
            #expect(outcome.exit == .code(1), "\(outcome)")
            #expect(outcome.errors.contains("No space left") && outcome.errors.contains("free some space"), "\(outcome)")
        }

        @Test(
            "A user who may not read the file, write in the directory or keep the owner is told so",
            .enabled(if: Requirement.isRoot, "only root can become another user"))
        func permissions() throws {
            try place.write("alice:old\n", to: "users", mode: 0o600)
            func asNobody() throws -> ChildProcess.Outcome {
                try ChildProcess.run(
                    ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", Places.gatepost, "passwd", users,
                        "alice", "-p", "x", "-s", "SHA512"])
            }
            unsafe chmod(place.path, 0o755)
            let directory = try asNobody()
            #expect(directory.exit == .code(1), "\(directory)")
            #expect(directory.errors.contains("can't write in the directory \(place.path): Permission denied"), "\(directory)")
            unsafe chmod(place.path, 0o777)
            let file = try asNobody()
            #expect(file.exit == .code(1), "\(file)")
            #expect(file.errors.contains("can't open \(users): Permission denied"), "\(file)")
            unsafe chmod(users, 0o644)
            let owner = try asNobody()
            #expect(owner.exit == .code(1), "\(owner)")
            #expect(owner.errors.contains("owner and group") && owner.errors.contains("as root"), "\(owner)")
            for outcome in [directory, file, owner] { #expect(outcome.errors.split(separator: "\n").count == 1) }
            #expect(TextFile.read(users) == "alice:old\n")
            #expect(try names() == ["users"])
        }

        @Test("At a terminal it asks twice, shows nothing, and asks again when the two differ")
        func terminal() throws {
            try place.write("alice:old\n", to: "users")
            let terminal = try Terminal()
            let child = try ChildProcess(
                [Places.gatepost, "passwd", "-s", "PLAIN", users, "alice"],
                input: terminal.device, output: terminal.device, errors: terminal.device)
            for answer in ["first", "second", "wonderland", "wonderland"] {
                try terminal.expect(answer == "second" ? "Retype new password: " : "password: ")
                try terminal.type(answer + "\n")
            }
            try terminal.expect("Changed the password of alice")
            #expect(child.waitForExit(within: .seconds(30)) == .code(0))
            #expect(TextFile.read(users) == "alice:{PLAIN}wonderland\n")
            #expect(terminal.shown.contains("Passwords don't match!"))
            #expect(!terminal.shown.contains("wonderland") && !terminal.shown.contains("first"))
        }
    }
}
