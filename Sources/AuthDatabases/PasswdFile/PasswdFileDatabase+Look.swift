internal import Synchronization

extension PasswdFileDatabase {
    /// What is known of the file as it is now, beside what was read of it.
    enum Sight {
        /// Nobody looked: it was looked at often enough just now, and had not changed.
        case unseen
        case unchanged
        case changed
        /// The file system does not tell.
        case hidden(DatabaseFailure)

        /// Whether what was read may answer.
        var isUnchanged: Bool {
            switch self {
            case .unseen, .unchanged: true
            case .changed, .hidden: false
            }
        }
    }

    /// Looks at the file, for whoever asks for anything in it, and notes what there was to see.
    ///
    /// - Parameters:
    ///   - now: by ``LookBudget/now()``.
    ///   - isSparing: whether to do without if the file was looked at often enough just now.
    ///   - take: takes what is wanted of the content, which is what the sight is compared with. It holds everybody up.
    func look<Taken>(at now: Int64, isSparing: Bool, _ take: (Content, Sight) -> Taken) -> Taken {
        if isSparing {
            let taken: Taken? = content.withLock { content in
                guard !content.budget.take(at: now), content.changed == nil else { return nil }
                quietTick.store(now, ordering: .releasing)
                return take(content, .unseen)
            }
            if let taken { return taken }
        }
        let identity: FileIdentity
        do throws(DatabaseFailure) {
            identity = try FileIdentity(path: path)
        } catch {
            return content.withLock { content in
                noteChange(&content, at: now)
                return take(content, .hidden(error))
            }
        }
        return content.withLock { content in
            guard content.state.isOf(identity) else {
                noteChange(&content, at: now)
                return take(content, .changed)
            }
            content.changed = nil
            return take(content, .unchanged)
        }
    }

    /// Nobody is answered without a look at the file from here on.
    private func noteChange(_ content: inout Content, at now: Int64) {
        content.changed = content.changed ?? now
        quietTick.store(.min, ordering: .releasing)
    }
}
