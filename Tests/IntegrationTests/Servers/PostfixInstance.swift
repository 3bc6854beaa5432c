import Glibc

/// A real Postfix in a directory of its own, made by `Examples/postfix/run-postfix`.
final class PostfixInstance: Sendable {
    struct Settings: Sendable {
        var form = "guide"
        var chroot = "n"
        var processes = 100
        var saslPath = "private/auth"
        /// smtpd_sasl_security_options in clear text; nil for what the form has.
        var security: String?

        var options: [String] {
            ["--form", form, "--chroot", chroot, "--processes", "\(processes)", "--sasl-path", saslPath]
                + (security.map { ["--security", $0] } ?? [])
        }
    }

    let directory: TemporaryDirectory
    private let settings: Settings
    private let facts: [String: String]

    var smtpPort: UInt16 { UInt16(facts["smtp_port"] ?? "") ?? 0 }
    var smtpsPort: UInt16 { UInt16(facts["smtps_port"] ?? "") ?? 0 }
    var queue: String { "\(directory.path)/queue" }
    var log: String { TextFile.read("\(directory.path)/maillog") ?? "" }

    /// Makes the directory, without starting anything: now the auth server can put its socket into the queue.
    static func prepare(_ settings: Settings) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        let stop = "\(Places.runPostfix) stop \(directory.path); rm -rf \(directory.path)"
        Leftovers.shared.remember(directory.path, command: stop)
        do {
            _ = try script("prepare", directory, settings)
        } catch {
            discard(directory)
            throw error
        }
        return directory
    }

    init(in directory: TemporaryDirectory, _ settings: Settings) throws {
        self.directory = directory
        self.settings = settings
        do {
            facts = try Self.script("start", directory, settings)
        } catch {
            Self.discard(directory)
            throw error
        }
    }

    func stop() {
        Self.discard(directory)
    }

    /// Stops what runs there, and takes the directory away.
    static func discard(_ directory: TemporaryDirectory) {
        _ = try? ChildProcess.run([Places.runPostfix, "stop", directory.path])
        directory.remove()
        Leftovers.shared.forget(directory.path)
    }

    /// Waits for a text in the log, which postlogd writes a moment after the session has seen the reply.
    func logs(_ text: String) -> Bool {
        Patience.wait(for: .seconds(10)) { log.contains(text) }
    }

    private static func script(
        _ command: String, _ directory: TemporaryDirectory, _ settings: Settings
    ) throws -> [String: String] {
        let outcome = try ChildProcess.run([Places.runPostfix, command, directory.path] + settings.options)
        guard outcome.succeeded else { throw Failure("run-postfix \(command): \(outcome)") }
        var facts: [String: String] = [:]
        for line in outcome.output.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { facts[parts[0]] = parts[1] }
        }
        return facts
    }
}
