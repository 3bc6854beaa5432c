import AuthFixtures
import Testing

@Suite("Transcript files")
struct TranscriptParsingTests {
    @Test("Every kind of line")
    func everyKind() throws {
        let transcript = try Transcript(
            parsing: """
                # A title
                # Dovecot differs: it closes

                C: VERSION⇥1⇥2
                C:
                C-flush
                S-greeting PLAIN LOGIN
                S: DONE
                S~: OK
                S-after 1.5s..2s
                S-silence 0.25s
                S-close
                C-connect
                C-close
                """, name: "t.transcript")
        #expect(transcript.title == "A title")
        #expect(transcript.dovecotDiffers == "it closes")
        #expect("\(transcript)" == "t.transcript: A title")
        #expect(transcript.steps.map(\.lineNumber) == Array(4...14))
        func line(_ text: String) -> LinePattern {
            LinePattern(pieces: text.isEmpty ? [] : [.literal(Array(text.utf8))], description: text)
        }
        let version = LinePattern(pieces: [.literal(Array("VERSION\t1\t2".utf8))], description: "VERSION⇥1⇥2")
        #expect(
            transcript.steps.map(\.event) == [
                .clientLine(version), .clientLine(line("")), .clientFlush,
                .serverGreeting(mechanisms: ["PLAIN", "LOGIN"]), .serverLine(line("DONE")),
                .serverLineInAnyOrder(line("OK")), .serverDelay(.milliseconds(1500) ... .seconds(2)),
                .serverSilence(.milliseconds(250)), .serverClose, .clientConnect, .clientClose,
            ])
    }

    @Test("A line that is none is named by file and number", arguments: [
        "X: hello", "c: hello", "C:hello", "S-close now", "S-after 1s", "S-after 2s..1s", "S-after 1..2", "S-silence",
        "S-silence 1.2345s", "S-silence -1s", "S-silence 1.s.s", "C-wait",
    ])
    func mistakes(_ line: String) {
        let error = #expect(throws: TranscriptError.self) {
            try Transcript(parsing: "# title\nC: fine\n\(line)\n", name: "bad.transcript")
        }
        #expect(error?.line == 3)
        #expect(error?.description.hasPrefix("bad.transcript:3: ") == true)
    }

    @Test("A file without a line to play is a mistake", arguments: ["", "# only a comment\n", "\n\n"])
    func empty(_ text: String) {
        #expect(throws: TranscriptError(file: "e", line: 0, reason: "there is no line to play")) {
            try Transcript(parsing: text, name: "e")
        }
    }

    @Test("The transcripts of real clients can be read, and each has a title and a name of its own")
    func shipped() throws {
        let others = try Transcript.channelBindingClients().filter { $0.name != "dovecot-2.4-cancelled.transcript" }
        let transcripts =
            try Transcript.realClients() + Transcript.userDatabaseClients() + others + [Transcript.channelBindingLogin()]
        #expect(transcripts.count == 24)
        #expect(transcripts.allSatisfy { !$0.title.isEmpty })
        #expect(Set(transcripts.map(\.name)).count == transcripts.count)
    }
}
