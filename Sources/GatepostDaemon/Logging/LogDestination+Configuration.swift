internal import DovecotConfiguration
internal import Glibc
internal import Logging

extension LogDestination.Sinks {
    /// The sinks that a configuration names: `log_path`, `info_log_path` and `debug_log_path`, each of which may be
    /// `syslog`, a file, or `/dev/stderr`; an empty one means the same as the one before.
    ///
    /// - Parameter old: sinks to go on with where the target is the same: a file that root opened can't be opened again
    ///   by the account that root's privileges were given up for.
    init(_ configuration: AuthConfiguration, reusing old: Self? = nil) throws(DaemonError) {
        var known = old.map { [$0.errors, $0.info, $0.debug] } ?? []
        let errors = try Self.sink(configuration.logPath, "log_path", configuration, &known)
        let info =
            configuration.infoLogPath.isEmpty
            ? errors : try Self.sink(configuration.infoLogPath, "info_log_path", configuration, &known)
        let debug =
            configuration.debugLogPath.isEmpty
            ? info : try Self.sink(configuration.debugLogPath, "debug_log_path", configuration, &known)
        self.init(errors: errors, info: info, debug: debug)
    }

    private static func sink(
        _ path: String, _ setting: String, _ configuration: AuthConfiguration, _ known: inout [any LogSink]
    ) throws(DaemonError) -> any LogSink {
        let target = try target(path, configuration)
        if let sink = known.first(where: { $0.target == target }) { return sink }
        let sink: any LogSink
        switch target {
        case .syslog(let facility):
            sink = SyslogSink(facility: facility)
        case .standardError(let timestamp):
            sink = FileLogSink(standardErrorWith: timestamp)
        case .standardOutput(let timestamp):
            sink = FileLogSink(standardOutputWith: timestamp)
        case .file(let path, let timestamp):
            do throws(FileLogSink.OpenError) {
                sink = try FileLogSink(path: path, timestamp: timestamp)
            } catch {
                throw DaemonError(
                    "\(setting) = \(path): \(error); make it and its directory writable for this process, "
                        + "or leave \(setting) out", setting: setting)
            }
        }
        known.append(sink)
        return sink
    }

    private static func target(_ path: String, _ configuration: AuthConfiguration) throws(DaemonError) -> LogTarget {
        switch path {
        case "", "syslog":
            guard let facility = SyslogFacility(name: configuration.syslogFacility) else {
                throw DaemonError(
                    inConfiguration: "syslog_facility: there is no facility \"\(configuration.syslogFacility)\"",
                    setting: "syslog_facility")
            }
            return .syslog(facility)
        case "/dev/stderr":
            return .standardError(LogTimestamp(format: configuration.logTimestamp))
        case "/dev/stdout":
            return .standardOutput(LogTimestamp(format: configuration.logTimestamp))
        default:
            return .file(path, LogTimestamp(format: configuration.logTimestamp))
        }
    }
}

extension LogDestination {
    /// Opens every file again, after a rotation.
    func reopen() {
        for sink in sinks.all { sink.reopen() }
    }

    /// Gives files that this process has made to the account that it will run as, which has to open them again.
    func give(to user: uid_t, _ group: gid_t) {
        for sink in sinks.all { sink.give(to: user, group) }
    }
}

extension LogDestination.Sinks {
    /// Each once.
    fileprivate var all: [any LogSink] {
        var all: [any LogSink] = []
        for sink in [errors, info, debug] where !all.contains(where: { $0 === sink }) { all.append(sink) }
        return all
    }
}
