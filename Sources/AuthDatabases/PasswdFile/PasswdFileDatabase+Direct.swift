package import PasswordSchemes
internal import Synchronization

extension PasswdFileDatabase: DirectPasswordDatabase {
    package var answersDirectly: Bool { usernameFormat == nil }

    package func directReading() -> UInt64 {
        let now = LookBudget.now()
        // Nearly always under load, and then without a lock.
        if quietTick.load(ordering: .acquiring) == now { return readingInForce.load(ordering: .acquiring) }
        return readingAfterLook(at: now)
    }

    /// As ``immediateLookup(_:)``, a login that is answered directly looks at the file where that is due. What it finds
    /// to have changed it leaves to that: to wait for, to have read, or to report.
    private func readingAfterLook(at now: Int64) -> UInt64 {
        switch nextStep(at: now) {
        case .answer(let reading): return reading
        case .look: break
        }
        let identity: FileIdentity
        do throws(DatabaseFailure) {
            identity = try FileIdentity(path: path)
        } catch {
            content.withLock { noteChange(&$0, at: now) }
            return 0
        }
        return content.withLock { content in
            guard case .loaded(let snapshot) = content.state else { return 0 }
            guard snapshot.identity == identity else {
                noteChange(&content, at: now)
                return 0
            }
            content.changed = nil
            return snapshot.reading
        }
    }

    private enum Step {
        case look
        /// With this reading; 0 for that it can't be answered directly.
        case answer(UInt64)
    }

    private func nextStep(at now: Int64) -> Step {
        content.withLock { content in
            guard case .loaded(let snapshot) = content.state else { return .answer(0) }
            guard !content.budget.take(at: now), content.changed == nil else { return .look }
            quietTick.store(now, ordering: .releasing)
            return .answer(snapshot.reading)
        }
    }

    package func lendDigest(
        of user: Span<UInt8>, reading: UInt64, _ body: (DigestAlgorithm, Span<UInt8>) -> Void
    ) -> Bool {
        content.withLock { content in
            content.recent.withEntry(of: user) { entry in
                guard entry.reading == reading, entry.isDirect else { return false }
                return entry.password.lendDigest(body)
            } ?? false
        }
    }
}
