import AuthDatabases
import AuthServer
import PasswordSchemes
import Secrets

/// A login by PLAIN through the passdbs of a plan, without mechanisms, sockets and threads.
enum PlayedLogin {
    /// A login `PLAIN name password [authzid=name] [parameter…]`, and what its client would be told of it.
    static func outcome(of request: String, _ settings: AuthServerConfiguration) async -> String {
        let words = words(request)
        var query = UserQuery(user: words[1])
        query.mechanism = "PLAIN"
        var authorizationID: String?
        for word in words.dropFirst(3) {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            switch (parts[0], parts.count == 2 ? parts[1] : "") {
            case ("authzid", let value): authorizationID = value
            case ("service", let value): query.service = value
            case ("rip", let value): query.remoteAddress = isAddress(value) ? value : nil
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
}
