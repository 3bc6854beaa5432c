internal import AuthDatabases
internal import AuthServer
internal import SASLMechanisms
internal import ServiceLifecycle
internal import UnixSignals

/// Does what SIGHUP and SIGUSR1 ask for, one after the other.
struct SignalService: Service {
    let server: AuthServer
    let pool: BlockingPool
    let decoys: DecoySecret
    let daemon: Daemon
    /// Trapped before the first client can come: untrapped, either would end the process.
    let signals: UnixSignalsSequence

    func run() async throws {
        for await signal in signals.cancelOnGracefulShutdown() {
            if signal == .sighup { await daemon.reload(server, pool, decoys) } else { daemon.reopenLogs() }
        }
    }
}
