internal import Glibc
internal import Synchronization

extension PasswdFileDatabase {
    /// Reads the file again, once for all who ask meanwhile.
    public func reload() async throws(DatabaseFailure) {
        try await read(untilOutlined: false)
    }

    /// Has the file read, and returns as soon as users can be let in.
    ///
    /// If it is large it is not all in memory then: logins of others than its users, and the user database, wait for that.
    public func prepare() async throws(DatabaseFailure) {
        try await read(untilOutlined: true)
    }

    private func read(untilOutlined: Bool) async throws(DatabaseFailure) {
        do throws(BlockingPool.Overloaded) {
            try startReading(outlining: untilOutlined)
        } catch {
            throw DatabaseFailure("\(path) can't be read now: too many lookups are waiting")
        }
        let failure: DatabaseFailure? = await withCheckedContinuation { continuation in
            let last: DatabaseFailure?? = content.withLock { content in
                if content.isReading {
                    if !untilOutlined { content.waiting.append(continuation) } else {
                        if content.state.isOutlined { return .some(nil) }
                        content.waitingForOutline.append(continuation)
                    }
                    return nil
                }
                // It was read between the two locks.
                return .some(content.lastFailure)
            }
            if let last { continuation.resume(returning: last) }
        }
        if let failure { throw failure }
    }

    /// Has the pool read the file, unless it does already.
    ///
    /// - Parameter outlining: whether to let users in before a large file is in memory.
    func startReading(outlining: Bool = false) throws(BlockingPool.Overloaded) {
        let isReader = content.withLock { content in
            defer { content.isReading = true }
            return !content.isReading
        }
        guard isReader else { return }
        do throws(BlockingPool.Overloaded) {
            try pool.start {
                if outlining { self.outline() }
                self.finish(self.read())
            }
        } catch {
            let waiting = content.withLock { content in
                content.isReading = false
                return content.takeAllWaiting()
            }
            let failure = DatabaseFailure("\(path) can't be read now: too many lookups are waiting")
            for continuation in waiting { continuation.resume(returning: failure) }
            throw error
        }
    }

    /// Lets users in before all of a large file is in memory, if there is nothing yet that could answer.
    private func outline() {
        guard content.withLock({ if case .unread = $0.state { true } else { false } }) else { return }
        guard let identity = try? FileIdentity(path: path), identity.size >= PasswdFileOutline.smallestFile,
            let outline = PasswdFileOutline(path: path, defaultScheme: defaultScheme, seed: .random(in: .min ... .max))
        else { return }
        let waiting = content.withLock { content in
            content.state = .outlined(outline)
            return content.takeWaitingForOutline()
        }
        for continuation in waiting { continuation.resume(returning: nil) }
    }

    private func read() -> Result<PasswdFileSnapshot, DatabaseFailure> {
        Result { () throws(DatabaseFailure) in
            var generator = SystemRandomNumberGenerator()
            let content = try PasswdFileContent(reading: path)
            let size = content.identity.size
            guard let snapshot = PasswdFileSnapshot(content, defaultScheme: defaultScheme, seed: generator.next()) else {
                throw DatabaseFailure.withoutMemory(for: path, size: size)
            }
            return snapshot
        }
    }

    private func finish(_ result: Result<PasswdFileSnapshot, DatabaseFailure>) {
        if case .success(let snapshot) = result { report(snapshot) }
        let failure: DatabaseFailure? = if case .failure(let failure) = result { failure } else { nil }
        // The old content must not be let go of within the lock: wiping it takes its time.
        let (waiting, old) = content.withLock { content in
            let old = (content.state, content.recent)
            quietTick.store(.min, ordering: .releasing)
            switch result {
            case .success(let snapshot):
                content.state = .loaded(snapshot)
                content.recent = RecentEntries(users: snapshot.userCount, seed: .random(in: .min ... .max))
                content.changed = nil
                content.isOldContentTold = false
                readingInForce.store(snapshot.reading, ordering: .releasing)
            case .failure(let failure):
                // With no identity there is nothing to recognise the failure by: the next lookup tries again.
                if !failure.mayPass {
                    let identity = try? FileIdentity(path: path)
                    content.state = identity.map { .failed(failure, $0) } ?? .unread
                    content.recent = RecentEntries(users: 0, seed: 0)
                    readingInForce.store(0, ordering: .releasing)
                }
            }
            content.isReading = false
            content.lastFailure = failure
            return (content.takeAllWaiting(), old)
        }
        for continuation in waiting { continuation.resume(returning: failure) }
        // Whoever had the file prepared was told that all is well.
        if let failure, failure.mayPass, old.0.isOutlined { tellOfOldContent(failure) }
        // Nor must an event loop that answers from it just now be the last to let go: its answer will soon be done.
        if old.0.isLarge { usleep(10_000) }
        withExtendedLifetime(old) {}
    }

    private func report(_ snapshot: PasswdFileSnapshot) {
        if snapshot.hasByteOrderMark {
            notify("passwd-file \(path):1: The file \(ByteOrderMark.complaint(path))")
        }
        for (user, line) in snapshot.duplicates {
            notify("passwd-file \(path):\(line): User \(user) exists more than once; the first line counts")
        }
    }

    /// What there is after the file was read, or could not be.
    func known(after failure: DatabaseFailure?) -> Result<PasswdFileSnapshot, DatabaseFailure> {
        switch content.withLock({ $0.state }) {
        case .loaded(let snapshot):
            if let failure { tellOfOldContent(failure) }
            return .success(snapshot)
        case .failed(let failure, _): return .failure(failure)
        case .unread, .outlined: return .failure(failure ?? DatabaseFailure("\(path) could not be read"))
        }
    }

    /// Says once why the old content stays in force, not at every login.
    private func tellOfOldContent(_ failure: DatabaseFailure) {
        let isNew = content.withLock { content in
            defer { content.isOldContentTold = true }
            return !content.isOldContentTold
        }
        if isNew { notify("passwd-file: \(failure); the users that were read before stay in force") }
    }
}
