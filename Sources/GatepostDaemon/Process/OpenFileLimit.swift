internal import Glibc

/// How many files the process may have open: each connection is one.
struct OpenFileLimit: Equatable {
    /// What counts, and how far the process may raise that by itself.
    var soft: rlim_t
    var hard: rlim_t

    /// Databases, logs, sockets and event loops come on top of the connections.
    private static let reserve = 200
    /// The least of these, so that nothing is said of Dovecot's 1000 clients under the usual limit of 1024.
    private static let need = 24

    /// Lets `clients` come, as far as the system allows that.
    ///
    /// - Returns: a sentence for the admin if it is less.
    static func raise(for clients: Int) -> String? {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        // The structure is written, and later read, during the call.
        guard unsafe getrlimit(resource, &limit) == 0 else { return nil }
        let raised = OpenFileLimit(soft: limit.rlim_cur, hard: limit.rlim_max).raised(for: clients)
        if raised.soft > limit.rlim_cur {
            limit.rlim_cur = raised.soft
            guard unsafe setrlimit(resource, &limit) == 0 else { return nil }
        }
        return raised.shortage(for: clients)
    }

    /// The soft limit is raised only as far as it is needed: some libraries can't do with many files.
    func raised(for clients: Int) -> OpenFileLimit {
        let wanted = rlim_t(clamping: clients) + rlim_t(Self.reserve)
        return OpenFileLimit(soft: max(soft, min(wanted, hard)), hard: hard)
    }

    /// What to say of clients that have to wait; nothing if none has to, or any number may come.
    func shortage(for clients: Int) -> String? {
        guard clients < Int(UInt32.max), soft < rlim_t(clamping: clients + Self.need) else { return nil }
        return "client_limit = \(clients), but this process may have only \(soft) files open, and further clients wait until "
            + "a connection ends; set LimitNOFILE=\(clients + Self.reserve) in the service's unit (ulimit -n in a shell)"
    }
}
