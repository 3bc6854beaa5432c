import AuthDatabases
import AuthServer
import DovecotConfiguration
import Glibc
import Testing

@testable import GatepostDaemon

/// The chain alone, without mechanisms, sockets and threads; the integration tests play the same cases to the server.
@Suite("Chains of passdbs, recorded from Dovecot 2.3.19.1")
struct RecordedChainTests {
    @Test("There are cases")
    func count() {
        #expect(RecordedChains.alike.count > 80)
        #expect(RecordedChains.alike.reduce(0) { $0 + $1.logins.count } > 250)
    }

    @Test("Every login ends as with Dovecot", arguments: RecordedChains.alike)
    func logins(recorded: RecordedChains.Case) async throws {
        let directory = try TestDirectory()
        defer { for (name, _) in recorded.files { Self.remove(name, below: directory.path) } }
        for (name, text) in recorded.files {
            let words = name.split(separator: " ")
            let path = "\(directory.path)/\(try #require(words.last))"
            // Root may read every file; what lies where one should be is as unreadable for it.
            Self.makeWay(to: path)
            try #require(words.count == 1 ? Self.write(text, path) : unsafe mkdir(path, 0o700) == 0)
        }
        // In the cases @ stands for the directory, and \@ for itself.
        let own = recorded.configuration.split(separator: #"\@"#, omittingEmptySubsequences: false)
            .map { $0.split(separator: "@", omittingEmptySubsequences: false).joined(separator: directory.path + "/") }
            .joined(separator: "@")
        let text = "service auth {\n  unix_listener \(directory.path)/auth {\n    mode = 0600\n  }\n}\n" + own
        let configuration = try AuthConfiguration.load(path: "/etc/d.conf", files: OneFile(text)).configuration
        let settings = try ServerPlan(configuration, pool: BlockingPool(threads: 1)) { _ in }.settings
        for (request, answer) in recorded.logins {
            #expect(await PlayedLogin.outcome(of: request, settings) == Self.comparable(answer), "\(recorded.title): \(request)")
        }
    }

    /// What of a recorded reply is the chain's: all of OK but the name before, and the code of FAIL.
    private static func comparable(_ answer: String) -> String {
        let parts = answer.split(separator: "⇥").map(String.init).filter { !$0.hasPrefix("original_user=") }
        let kept = parts[0] == "OK" ? parts.dropFirst(2).filter { $0 != "anonymous" } : parts.filter { $0.hasPrefix("code=") }
        return ([parts[0]] + kept).joined(separator: " ")
    }

    /// Makes the directories above; C strings live for the calls.
    private static func makeWay(to path: String) {
        for (index, byte) in path.utf8.enumerated() where byte == UInt8(ascii: "/") && index > 0 {
            unsafe mkdir(String(decoding: path.utf8.prefix(index), as: UTF8.self), 0o755)
        }
    }

    /// Takes away a case's file and the directories above it, as soon as they are empty.
    private static func remove(_ name: String, below directory: String) {
        var parts = name.split(separator: " ").last?.split(separator: "/") ?? []
        while !parts.isEmpty {
            let path = directory + "/" + parts.joined(separator: "/")
            // C strings that live for the calls.
            if unsafe unlink(path) != 0 { unsafe rmdir(path) }
            parts.removeLast()
        }
    }

    private static func write(_ text: String, _ path: String) -> Bool {
        // C strings that live for the calls.
        guard let file = unsafe fopen(path, "w") else { return false }
        defer { unsafe fclose(file) }
        return unsafe fputs(text, file) >= 0
    }
}
