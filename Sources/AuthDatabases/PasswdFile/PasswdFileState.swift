/// What is known of a passwd-file.
enum PasswdFileState: Sendable {
    case unread
    /// A large file is being read for the first time.
    case outlined(PasswdFileOutline)
    case loaded(PasswdFileSnapshot)
    /// Not to be tried again before the file changes.
    case failed(DatabaseFailure, FileIdentity)

    var isOutlined: Bool { if case .outlined = self { true } else { false } }

    var isLarge: Bool {
        switch self {
        case .outlined: true
        case .loaded(let snapshot): snapshot.isLarge
        case .unread, .failed: false
        }
    }

    /// Whether it is known of the file that is there now.
    func isOf(_ identity: FileIdentity) -> Bool {
        switch self {
        case .unread: false
        case .outlined(let outline): outline.identity == identity
        case .loaded(let snapshot): snapshot.identity == identity
        case .failed(_, let tried): tried == identity
        }
    }
}
