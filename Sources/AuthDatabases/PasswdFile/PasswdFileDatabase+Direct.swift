package import PasswordSchemes
internal import Synchronization

// Under load, see ``LookBudget``: whoever comes first in a tick sees to it that the file is looked at.
extension PasswdFileDatabase: DirectPasswordDatabase {
    package var answersDirectly: Bool { usernameFormat == nil }

    package func directReading() -> UInt64 {
        guard quietTick.load(ordering: .acquiring) == LookBudget.now() else { return 0 }
        return readingInForce.load(ordering: .acquiring)
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
