import Glibc
import Testing

extension RealPeers {
    /// One test for each thing that some client can't do without; `docs/client-rules.md` says which client.
    @Suite(
        "The rules that keep every client working", .serialized, .timeLimit(.minutes(3)),
        .enabled(if: Requirement.canRunServer && ServerKind.current == .gatepost, "needs the auth server (make test)"))
    final class ClientRulesTests {
        let place: TemporaryDirectory
        let server: ServerUnderTest

        init() throws {
            place = try TemporaryDirectory()
            try place.write(Self.users, to: "users")
            server = try ServerUnderTest(
                .init(
                    socket: "\(place.path)/auth", users: "\(place.path)/users",
                    more: "gatepost_handshake_timeout = 1 secs\nauth_username_format = %Ln\n"))
        }

        deinit {
            server.stop()
            place.remove()
        }

        private static let users = """
            alice:{PLAIN}wonderland
            many:{PLAIN}wonderland::::::\((1...30).map { "field\($0)=\($0)" }.joined(separator: " "))
            long:{PLAIN}wonderland::::::field=\(String(repeating: "x", count: 9000)) short=1
            expired:{PLAIN}wonderland::::::user=other

            """

        private static let handshake = "VERSION\t1\t2\nCPID\t4711\n"

        private func plain(_ user: String, _ password: String = "wonderland") -> String {
            Credentials(user: user, password: password).plain
        }

        /// Connects and reads the greeting, having said nothing.
        private func greeting(_ stream: LineStream) throws -> [String] {
            var lines: [String] = []
            while let line = try stream.readLine(within: .seconds(5)) {
                lines.append(line)
                if line == "DONE" { return lines }
            }
            throw Failure("closed before DONE: \(lines)")
        }

        private func connected(_ handshake: String = ClientRulesTests.handshake) throws -> LineStream {
            let stream = try LineStream.unix(server.socket)
            _ = try greeting(stream)
            try stream.write(handshake)
            return stream
        }

        private func fields(_ line: String?) throws -> [String] {
            try #require(line).split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }

        @Test("Rules 1, 2, 5, 6, 7: the whole greeting comes unasked, in Dovecot 2.3's order and words")
        func greetingAtAccept() throws {
            let lines = try greeting(LineStream.unix(server.socket))
            try #require(lines.count == 7)
            #expect(lines[0] == "VERSION\t1\t2")
            #expect(lines[1] == "MECH\tPLAIN\tplaintext")
            #expect(lines[2] == "MECH\tLOGIN\tplaintext")
            #expect(lines[3].wholeMatch(of: /SPID\t[1-9][0-9]*/) != nil)
            #expect(lines[4].wholeMatch(of: /CUID\t[1-9][0-9]*/) != nil)
            #expect(lines[5].wholeMatch(of: /COOKIE\t[0-9a-f]{32}/) != nil)
            #expect(lines[6] == "DONE")
        }

        @Test("Rules 3 and 4: the greeting is one write below 1024 bytes, and no reply shares it")
        func oneWrite() throws {
            for _ in 0..<50 {
                let stream = try LineStream.unix(server.socket)
                let first = try stream.receiveOnce()
                #expect(first.hasSuffix("\nDONE\n"), "\(first)")
                #expect(first.utf8.count < 1024)
                try stream.write(Self.handshake + "AUTH\t1\tPLAIN\tservice=smtp\tresp=\(plain("alice"))\n")
                #expect(try stream.receiveOnce() == "OK\t1\tuser=alice\n")
            }
        }

        @Test("Rule 8: after DONE nothing comes unasked, not even at a reload with other mechanisms")
        func silence() throws {
            let stream = try connected()
            try server.reload(
                .init(socket: server.socket, users: "\(place.path)/users", mechanisms: "login"))
            #expect(Patience.wait(for: .seconds(10)) { self.server.log.contains("Reloaded") })
            #expect(throws: Failure.self) { try stream.readLine(within: .milliseconds(500)) }
            try stream.write("AUTH\t1\tLOGIN\tservice=smtp\n")
            #expect(try stream.readLine() == "CONT\t1\tVXNlcm5hbWU6")
        }

        @Test("Rules 9 and 10: every request is answered once, with its id in plain decimal")
        func oneReply() throws {
            let stream = try connected()
            var requests = ""
            for id in 1...300 {
                switch id % 4 {
                case 0: requests += "AUTH\t\(id)\tPLAIN\tservice=smtp\tresp=\(plain("alice"))\n"
                case 1: requests += "AUTH\t00\(id)\tplain\tservice=smtp\tresp=\(plain("alice", "wrong"))\n"
                case 2: requests += "AUTH\t\(id)\tNO-SUCH\tservice=smtp\n"
                default: requests += "AUTH\t\(id)\tPLAIN\tservice=smtp\tresp=*not base64*\n"
                }
            }
            try stream.write(requests)
            var ids: [String] = []
            for _ in 1...300 {
                let fields = try fields(stream.readLine())
                #expect(fields[0] == "OK" || fields[0] == "FAIL")
                ids.append(fields[1])
            }
            #expect(ids.sorted() == (1...300).map(String.init).sorted())
            #expect(throws: Failure.self) { try stream.readLine(within: .milliseconds(300)) }
        }

        @Test("Rule 11: CONT keeps its TAB before an empty challenge")
        func emptyChallenge() throws {
            let stream = try connected()
            try stream.write("AUTH\t1\tPLAIN\tservice=smtp\n")
            #expect(try stream.readLine() == "CONT\t1\t")
        }

        @Test("Rule 12: OK names the user first, and has at most fourteen parameters")
        func successParameters() throws {
            let stream = try connected()
            try stream.write("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(plain("many"))\n")
            let fields = try fields(stream.readLine())
            #expect(fields.prefix(3) == ["OK", "1", "user=many"])
            #expect(fields.count == 2 + 14)
            #expect(!fields.contains(""))
            #expect(Patience.wait(for: .seconds(5)) { self.server.log.contains("field14") })
        }

        @Test("Rule 13: FAIL names the user before it says why")
        func failureParameters() throws {
            let stream = try connected()
            // The name gets a new spelling, so that there is a parameter more.
            try stream.write("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(plain("Alice@example.com", "wrong"))\n")
            #expect(
                try stream.readLine() == "FAIL\t1\tuser=alice\toriginal_user=Alice@example.com")
        }

        @Test("Rule 14: no reply is longer than 8191 bytes; what does not fit is left out, and the log says so")
        func replyLength() throws {
            let stream = try connected()
            try stream.write("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(plain("long"))\n")
            #expect(try stream.readLine() == "OK\t1\tuser=long\tshort=1")
            #expect(Patience.wait(for: .seconds(5)) { self.server.log.contains("field") })
        }

        @Test("Rule 15: a reason is short printable ASCII and repeats nothing that the client has sent")
        func reasons() throws {
            let stream = try connected()
            let secret = "sEcReT\u{1b}ü"
            try stream.write(
                """
                AUTH\t1\tNO-\(secret)\tservice=smtp
                AUTH\t2\tPLAIN\tresp=\(secret)
                AUTH\t3\tPLAIN\tservice=smtp\tresp=\(secret)
                CONT\t4\t\(secret)

                """)
            for _ in 1...4 {
                let line = try #require(try stream.readLine())
                #expect(line.utf8.count < 200)
                #expect(line.utf8.allSatisfy { $0 == 0x09 || (0x20...0x7e).contains($0) }, "\(line)")
                #expect(!line.contains("sEcReT"))
                #expect(line.contains("reason="))
            }
        }

        @Test("Rule 16: only a peer that never finishes its handshake is closed")
        func idleness() throws {
            let done = try connected()
            let silent = try LineStream.unix(server.socket)
            _ = try greeting(silent)
            #expect(try silent.readLine(within: .seconds(5)) == nil)
            #expect(throws: Failure.self) { try done.readLine(within: .seconds(2)) }
            try done.write("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(plain("alice"))\n")
            #expect(try done.readLine() == "OK\t1\tuser=alice")
        }

        @Test("Rule 17: whatever a request is, its answer comes within five seconds")
        func patience() throws {
            let other = try TemporaryDirectory()
            defer { other.remove() }
            let slow = try ServerUnderTest(.init(socket: "\(other.path)/auth", failureDelay: "2 secs"))
            defer { slow.stop() }
            let stream = try LineStream.unix(slow.socket)
            _ = try greeting(stream)
            let start = ContinuousClock.now
            var requests = Self.handshake
            for id in 1...8 {
                requests += "AUTH\t\(id)\tPLAIN\tservice=smtp\trip=192.0.2.1\tresp=\(plain("alice", "wrong\(id)"))\n"
            }
            try stream.write(requests)
            for _ in 1...8 { #expect(try stream.readLine()?.hasPrefix("FAIL\t") == true) }
            #expect(ContinuousClock.now - start < .seconds(5))
        }

        @Test(
            "Rule 18: the mechanism may be in any case, parameters in any order, and unknown ones are passed over",
            arguments: [
                "plain\tservice=smtp", "Plain\trip=192.0.2.1\tservice=smtp\tnologin", "PLAIN\tprotocol=smtp",
                "PLAIN\tservice=smtp\tsecured\tsecured=tls\tfrom-the-future=1\tflag\trip=nonsense\trport=x",
                "PLAIN\tservice=SMTP\tno-penalty\tsecured\tlip=\trip=",
            ])
        func tolerance(parameters: String) throws {
            let stream = try connected()
            try stream.write("AUTH\t1\t\(parameters)\tresp=\(plain("alice"))\n")
            #expect(try stream.readLine() == "OK\t1\tuser=alice")
        }

        @Test("Rule 19: a client may be gone at any byte, and nobody else notices")
        func goneAtAnyByte() throws {
            let witness = try connected()
            let conversation = Array(
                (Self.handshake + "AUTH\t1\tLOGIN\tservice=smtp\nCONT\t1\t\(Base64.encode("alice"))\nCONT\t1\tabc").utf8)
            for length in 0...conversation.count {
                let stream = try LineStream.unix(server.socket)
                try stream.write(String(decoding: conversation.prefix(length), as: UTF8.self))
            }
            try witness.write("AUTH\t1\tPLAIN\tservice=smtp\tresp=\(plain("alice"))\n")
            #expect(try witness.readLine() == "OK\t1\tuser=alice")
            #expect(!server.log.contains("Error:"), "\(server.log)")
        }

        @Test("Rule 20: at every moment of a reload there is somebody to connect to")
        func alwaysThere() throws {
            for round in 0..<20 {
                try server.reload(
                    .init(
                        socket: server.socket, users: "\(place.path)/users",
                        mechanisms: round % 2 == 0 ? "login plain" : "plain login"))
                for _ in 0..<20 { #expect(try greeting(LineStream.unix(server.socket)).last == "DONE") }
            }
        }
    }
}
