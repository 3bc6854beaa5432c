internal import AuthClient
internal import DovecotAuthProtocol
internal import Secrets

/// What `gatepost auth test` does, in the words of `doveadm auth test` 2.3.
struct AuthTest {
    /// The exit codes of sysexits(3) that doveadm uses.
    enum ExitStatus: Int32 {
        case succeeded = 0
        /// EX_TEMPFAIL: no verdict, or the server says to try again later.
        case temporaryFailure = 75
        /// EX_NOPERM: the login failed.
        case failed = 77
    }

    let address: AuthServerAddress
    let mechanism: AuthClient.PasswordMechanism
    let user: String
    var conditions = AuthTestConditions()
    var timeout: Duration = .seconds(30)
    /// Takes each line for standard output.
    let output: (String) -> Void
    /// Takes each line for standard error.
    let complaint: (String) -> Void

    /// Asks the server, says what it answered, and returns the exit status.
    func run(password: consuming Secret) async -> ExitStatus {
        let outcome: AuthenticationOutcome
        do {
            let client = try await AuthClient.connect(to: address, requestTimeout: timeout)
            outcome = try await client.authenticate(
                user: user, password: password, mechanism: mechanism, service: conditions.service
            ) { conditions.apply(to: &$0) }
            await client.close()
        } catch {
            complaint("Error: \(error)")
            return .temporaryFailure
        }
        switch outcome {
        case .success(let name, let fields):
            output("passdb: \(user) auth succeeded")
            show([Parameter("user", name)] + fields)
            return .succeeded
        case .failure(let failure):
            output("passdb: \(user) auth failed")
            var fields: [Parameter] = []
            if let name = failure.user { fields.append(Parameter("user", name)) }
            if let code = failure.code { fields.append(Parameter("code", code.rawValue)) }
            if let reason = failure.reason { fields.append(Parameter("reason", reason)) }
            show(fields + failure.fields)
            return failure.code == .temporaryFailure ? .temporaryFailure : .failed
        }
    }

    private func show(_ fields: [Parameter]) {
        guard !fields.isEmpty else { return }
        output("extra fields:")
        for field in fields {
            let text = field.value.map { "\(field.name)=\($0)" } ?? field.name
            // A server's text must not drive the terminal.
            output("  " + String(text.map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? "?" : $0 }))
        }
    }
}
