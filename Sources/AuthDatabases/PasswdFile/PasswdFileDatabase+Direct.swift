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
        guard readingInForce.load(ordering: .acquiring) != 0 else { return 0 }
        return look(at: now, isSparing: true) { content, sight in
            guard sight.isUnchanged, case .loaded(let snapshot) = content.state else { return 0 }
            return snapshot.reading
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
