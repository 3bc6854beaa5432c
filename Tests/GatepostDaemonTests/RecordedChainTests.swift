import AuthDatabases
import AuthServer
import DovecotConfiguration
import Glibc
import PasswordSchemes
import Secrets
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
            #expect(await Self.login(request, settings) == Self.comparable(answer), "\(recorded.title): \(request)")
        }
    }

    /// A login `PLAIN name password [authzid=name] [parameter…]`, and what its client would be told of it.
    private static func login(_ request: String, _ settings: AuthServerConfiguration) async -> String {
        let words = words(request)
        var query = UserQuery(user: words[1])
        query.mechanism = "PLAIN"
        var authorizationID: String?
        for word in words.dropFirst(3) {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            switch (parts[0], parts.count == 2 ? parts[1] : "") {
            case ("authzid", let value): authorizationID = value
            case ("service", let value): query.service = value
            case ("rip", let value): query.remoteAddress = Self.isAddress(value) ? value : nil
            case ("lip", let value): query.localAddress = value
            case ("real_rip", let value): query.realRemoteAddress = value
            case ("session", let value): query.sessionID = value
            case ("forward_fields", let value):
                let field = value.split(separator: "=", maxSplits: 1).map(String.init)
                query.forwardedFields = [ExtraField(field[0], field.count == 2 ? field[1] : nil)]
            default: continue
            }
        }
        let common = AuthServerConfiguration.ProtocolLogins(settings)
        let logins = ProtocolTable(common, own: settings.protocols)[query.service]
        let chain = PasswordDatabaseChain(
            links: logins.passwordDatabases, weakSchemes: logins.weakSchemes, unknownTargets: logins.unknownTargets)
        let given = query
        let names = logins.usernames.login(
            words[1], authorizationID: authorizationID, hasMasters: chain.hasMasters, circumstances: { given })
        guard names.refusal == nil, let user = names.user else { return "FAIL" }
        query.user = user
        query.originalUser = names.originalUser
        query.loginUser = names.loginUser
        return comparable(await verdict(chain.begin(query), of: chain, words[2]))
    }

    private static func verdict(_ run: consuming ChainRun, of chain: PasswordDatabaseChain, _ password: String) async -> ChainVerdict {
        var run = run
        var workspace = HashingWorkspace()
        while true {
            switch run.next() {
            case .lookUp(let index): run.lookedUp(await chain.links[index].database.lookup(run.query))
            case .verify(let stored), .verifyInVain(let stored), .derive(let stored), .deriveInVain(let stored):
                do throws(PasswordSchemeError) {
                    let secret = Secret(copying: Array(password.utf8).span)
                    run.verified(try stored.verify(secret, user: run.query.user, using: &workspace))
                } catch {
                    run.verificationFailed(error)
                }
            case .finished(let verdict): return verdict
            }
        }
    }

    private static func comparable(_ verdict: ChainVerdict) -> String {
        let code: String
        switch verdict.outcome {
        case .success:
            let master = verdict.masterUser.map { [ExtraField("auth_user", $0)] } ?? []
            let own = verdict.fields.contains { $0.name == "auth_user" } ? [] : master
            let fields = (verdict.fields + own).filter { $0.name != "original_user" }
            return (["OK", "user=" + verdict.user] + fields.map { $0.name + ($0.value.map { "=" + $0 } ?? "") })
                .joined(separator: " ")
        case .wrongPasswordOrUnknownUser: return "FAIL"
        case .disabled: code = "user_disabled"
        case .expired: code = "pass_expired"
        case .unauthorised: code = "authz_fail"
        case .internalFailure: code = "temp_fail"
        }
        return "FAIL code=" + code
    }

    /// What of a recorded reply is the chain's: all of OK but the name before, and the code of FAIL.
    private static func comparable(_ answer: String) -> String {
        let parts = answer.split(separator: "⇥").map(String.init).filter { !$0.hasPrefix("original_user=") }
        let kept = parts[0] == "OK" ? parts.dropFirst(2).filter { $0 != "anonymous" } : parts.filter { $0.hasPrefix("code=") }
        return ([parts[0]] + kept).joined(separator: " ")
    }

    /// The words of a line; quotes are taken off.
    private static func words(_ line: String) -> [String] {
        var (words, isQuoted) = ([""], false)
        for character in line {
            switch character {
            case "'": isQuoted.toggle()
            case " " where !isQuoted: words.append("")
            default: words[words.count - 1].append(character)
            }
        }
        return words
    }

    private static func isAddress(_ text: String) -> Bool { text.contains(".") || text.contains(":") }

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
