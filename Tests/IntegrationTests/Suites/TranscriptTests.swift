import AuthFixtures
import NIOCore
import Testing

extension RealPeers {
    /// AuthFixturesTests plays the same transcripts against Dovecot.
    @Suite(
        "The conversations of real clients", .timeLimit(.minutes(3)),
        .enabled(if: Requirement.canRunServer && ServerKind.current == .gatepost, "needs the auth server (make test)"))
    struct TranscriptTests {
        @Test("Every client hears what it needs to hear")
        func realClients() async throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let server = try ServerUnderTest(.init(socket: "\(place.path)/auth", failureDelay: "2 secs"))
            defer { server.stop() }
            let transcripts = try Transcript.realClients()
            #expect(transcripts.count >= 20)
            try await play(transcripts, to: server)
        }

        @Test("So do clients of protocol 1.3 and 1.4, on a socket that waits for their VERSION")
        func channelBindingClients() async throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            try place.write("alice:{PLAIN}wonderland\n", to: "accounts", mode: 0o644)
            let socket = "\(place.path)/auth"
            let server = try ServerUnderTest(
                .init(
                    socket: socket, users: "\(place.path)/accounts",
                    mechanisms: "scram-sha-256-plus scram-sha-256 plain login", failureDelay: "1 secs",
                    more: "service auth {\n  unix_listener \(socket) {\n    gatepost_greeting = version\n  }\n}\n"))
            defer { server.stop() }
            try await play(try Transcript.channelBindingClients(), to: server)
        }

        @Test("The example's program plays them, too", .enabled(if: Self.hasPython, "needs python3"))
        func program() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let server = try ServerUnderTest(.init(socket: "\(place.path)/auth"))
            defer { server.stop() }
            func play(_ paths: [String]) throws -> ChildProcess.Outcome {
                try ChildProcess.run([Self.player, "client", server.socket] + paths, within: .seconds(120))
            }
            let transcripts = "\(Places.repository)/Sources/AuthFixtures/Transcripts"
            let names = ["chasquid", "dovecot-2.3", "exim-4.98", "neighbours", "postfix-plain", "unreadable"]
            let good = try play(names.map { "\(transcripts)/\($0).transcript" })
            #expect(good.succeeded && good.output.split(separator: "\n").count == names.count, "\(good)")

            let original = try #require(TextFile.read("\(transcripts)/postfix-plain.transcript"))
            try place.write(original.replacing("S: FAIL", with: "S: OK"), to: "other.transcript")
            let bad = try play(["\(place.path)/other.transcript"])
            let words = "\(place.path)/other.transcript:11: expected OK⇥2⇥user=alice{any}, got FAIL⇥2⇥user=alice\n"
            #expect(bad.exit == .code(1) && bad.output == words, "\(bad)")
        }

        @Test("It stands in for a server, as its README says", .enabled(if: Self.hasPython, "needs python3"))
        func programAsServer() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let readme = try #require(TextFile.read("\(Places.repository)/Examples/transcripts/README.md"))
            let block = try #require(readme.firstMatch(of: /<<END\n((?s:.)*?)\n    END\n/)).output.1
            let lines = block.split(separator: "\n").map { $0.dropFirst(4) }
            try place.write(lines.joined(separator: "\n") + "\n", to: "refused.transcript")
            let script = """
                "$1" server "$3/fake" "$3/refused.transcript" & player=$!
                while [ ! -S "$3/fake" ]; do sleep 0.05; done
                "$2" auth test -a "$3/fake" alice wonderland
                wait $player
                """
            let outcome = try ChildProcess.run(["sh", "-c", script, "sh", Self.player, Places.gatepost, place.path])
            #expect(outcome.succeeded, "\(outcome)")
            #expect(outcome.output.contains("passdb: alice auth failed\n"))
            #expect(outcome.output.contains("  reason=Not today\n"))
            #expect(outcome.output.contains("ok \(place.path)/refused.transcript\n"))
        }

        private static var hasPython: Bool { Places.exists("/usr/bin/python3") }
        private static let player = "\(Places.repository)/Examples/transcripts/play-transcript"

        private func play(_ transcripts: [Transcript], to server: ServerUnderTest) async throws {
            let address = try SocketAddress(unixDomainSocketPath: server.socket)
            await withTaskGroup(of: Void.self) { group in
                for transcript in transcripts {
                    group.addTask {
                        do {
                            try await TranscriptClient(connectingTo: address).play(transcript)
                        } catch {
                            Issue.record("\(transcript.name): \(error)")
                        }
                    }
                }
            }
        }
    }
}
