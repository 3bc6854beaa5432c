internal import AuthDatabases
internal import AuthServer
internal import CPlatform
internal import SASLMechanisms
internal import ServiceLifecycle
internal import UnixSignals

/// Does what SIGHUP and SIGUSR1 ask for, one after the other.
struct SignalService: Service, CustomStringConvertible {
    let server: AuthServer
    let pool: BlockingPool
    let decoys: DecoySecret
    let daemon: Daemon
    /// Trapped before the first client can come: untrapped, either would end the process.
    let signals: UnixSignalsSequence

    /// A word; without it the service group would describe the whole configuration at each start, for half of its time.
    var description: String { "SignalService" }

    func run() async throws {
        await withDiscardingTaskGroup { tasks in
            tasks.addTask {
                // A start reads twice as much of the program as serving does; once it is over that need not stay.
                guard (try? await Task.sleep(for: .milliseconds(500))) != nil else { return }
                _ = gatepost_forget_code()
            }
            for await signal in signals.cancelOnGracefulShutdown() {
                if signal == .sighup { await daemon.reload(server, pool, decoys) } else { daemon.reopenLogs() }
            }
            tasks.cancelAll()
        }
    }
}
