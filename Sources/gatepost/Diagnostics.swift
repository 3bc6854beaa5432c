internal import ArgumentParser
internal import DovecotConfiguration
internal import GatepostDaemon
internal import Glibc

/// How a command that can't do its work says so.
enum Diagnostics {
    /// sysexits.h: the configuration is wrong.
    static let configurationError = ExitCode(78)

    /// Writes the error to standard error, one line each, and ends the command.
    static func exit(reporting error: any Error) throws -> Never {
        switch error {
        case let errors as ConfigurationErrors:
            for entry in errors.entries { write("gatepost: \(entry.description)") }
            throw configurationError
        case let error as DaemonError where error.isInConfiguration:
            write("gatepost: \(error)")
            throw configurationError
        case is ValidationError, is ExitCode, is CleanExit:
            throw error
        default:
            write("gatepost: \(error)")
            throw ExitCode.failure
        }
    }

    /// Writes one line to standard error.
    static func write(_ text: String) {
        let line = Array((text + "\n").utf8)
        // Nothing is left to tell it to if this fails.
        _ = unsafe line.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
