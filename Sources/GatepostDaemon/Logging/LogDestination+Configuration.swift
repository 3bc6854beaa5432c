internal import DovecotConfiguration
internal import Glibc
internal import Logging

extension LogDestination.Sinks {
    /// The sinks that a configuration names: `log_path`, `info_log_path` and `debug_log_path`, each of which may be
    /// `syslog`, a file, or `/dev/stderr`; an empty one means the same as the one before.
    init(_ configuration: AuthConfiguration) throws(DaemonError) {
        let errors = try Self.sink(configuration.logPath, "log_path", configuration)
        let info =
            configuration.infoLogPath.isEmpty
            ? errors : try Self.sink(configuration.infoLogPath, "info_log_path", configuration)
        let debug =
            configuration.debugLogPath.isEmpty
            ? info : try Self.sink(configuration.debugLogPath, "debug_log_path", configuration)
        self.init(errors: errors, info: info, debug: debug)
    }

    private static func sink(
        _ path: String, _ setting: String, _ configuration: AuthConfiguration
    ) throws(DaemonError) -> any LogSink {
        switch path {
        case "", "syslog":
            guard let facility = SyslogFacility(name: configuration.syslogFacility) else {
                throw DaemonError("syslog_facility: there is no facility \"\(configuration.syslogFacility)\"")
            }
            return SyslogSink(facility: facility)
        case "/dev/stderr":
            return FileLogSink(standardErrorWith: LogTimestamp(format: configuration.logTimestamp))
        default:
            do throws(FileLogSink.OpenError) {
                return try FileLogSink(path: path, timestamp: LogTimestamp(format: configuration.logTimestamp))
            } catch {
                throw DaemonError("\(setting): \(error)")
            }
        }
    }
}

extension LogDestination {
    /// Opens every file again, after a rotation.
    func reopen() {
        let sinks = self.sinks
        sinks.errors.reopen()
        sinks.info.reopen()
        sinks.debug.reopen()
    }
}
