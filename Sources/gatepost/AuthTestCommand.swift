internal import ArgumentParser
internal import AuthClient
internal import Glibc
internal import Secrets

/// `gatepost auth`
struct AuthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "auth", abstract: "Try logins at an auth socket.", subcommands: [AuthTestCommand.self])
}

/// `gatepost auth test`
struct AuthTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Try whether a user can log in, at Gatepost's socket or Dovecot's.",
        discussion: """
            Exits 0 if the login succeeds, 77 if it fails, and 75 if there is no verdict: nobody listens, the socket is \
            of another kind, or the server says to try again later.
            """)

    @Option(name: .customShort("a"), help: "The auth socket, or host:port.")
    var socket: String = defaultSocket

    @Option(
        name: .customShort("x"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Tell the server more: service=smtp, rip=1.2.3.4, …", valueName: "name=value"))
    var conditions: [String] = []

    @Option(name: [.customShort("M"), .customShort("A")], help: "The mechanism: \(AuthClient.PasswordMechanism.allNames).")
    var mechanism: String = "PLAIN"

    @Argument(help: "The user's login name.")
    var user: String

    @Argument(help: "The password; asked for if it is missing, which keeps it out of the list of processes.")
    var password: String?

    /// doveadm's own, else ours.
    private static var defaultSocket: String {
        let dovecots = "/var/run/dovecot/auth-client"
        // C strings that live for the call.
        return unsafe access(dovecots, F_OK) == 0 ? dovecots : "/run/gatepost/auth-client"
    }

    // Here, and not when it runs, so that the usage is shown beside what is wrong.
    func validate() throws {
        _ = try chosenMechanism()
        _ = try collectedConditions()
    }

    private func chosenMechanism() throws(ValidationError) -> AuthClient.PasswordMechanism {
        guard let mechanism = AuthClient.PasswordMechanism(rawValue: mechanism.uppercased()) else {
            throw ValidationError(
                "the mechanism \(mechanism) can't be tried here: there are \(AuthClient.PasswordMechanism.allNames)")
        }
        return mechanism
    }

    private func collectedConditions() throws(ValidationError) -> AuthTestConditions {
        var collected = AuthTestConditions()
        do throws(AuthTestConditions.Invalid) {
            for condition in conditions { try collected.add(condition) }
        } catch {
            throw ValidationError(error.description)
        }
        return collected
    }

    mutating func run() async throws {
        let test = AuthTest(
            address: Self.address(socket), mechanism: try chosenMechanism(), user: user,
            conditions: try collectedConditions(), output: { print($0) }, complaint: { PasswordPrompt.complain($0) })
        let secret: Secret
        do throws(PasswordPrompt.Unreadable) {
            secret =
                if let password { Secret(copying: Array(password.utf8).span) } else {
                    try PasswordPrompt.read("Password: ")
                }
        } catch {
            PasswordPrompt.complain("Error: \(error.description)")
            throw ExitCode.validationFailure
        }
        let status = await test.run(password: secret)
        if status != .succeeded { throw ExitCode(status.rawValue) }
    }

    /// A word with a slash is a path; so is one without a port.
    static func address(_ text: String) -> AuthServerAddress {
        guard !text.contains("/"), let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...])
        else { return .unix(text) }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return .tcp(host: String(host), port: port)
    }
}

extension AuthClient.PasswordMechanism {
    fileprivate static var allNames: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
