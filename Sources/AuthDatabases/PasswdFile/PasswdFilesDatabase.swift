public import PasswordSchemes
internal import Synchronization

/// A passwd-file for each domain, or whatever else the variables in its path are.
///
/// A file that is missing has no users. A path that leaves the place before the first variable, such as by `..` in a
/// name, is never opened.
public final class PasswdFilesDatabase: PasswordDatabase {
    public let driver = "passwd-file"

    /// How many files are kept in memory; of more the one that was asked longest ago is let go.
    static let mostFiles = 1000

    private struct Files: Sendable {
        var byPath: [String: (file: PasswdFileDatabase, lastUse: UInt64)] = [:]
        var uses: UInt64 = 0
        /// A hash of the kind that users here have, once one was seen.
        var decoy: StoredPassword?
    }

    private let path: VariableTemplate
    private let root: String
    private let make: @Sendable (String) -> PasswdFileDatabase
    private let inform: @Sendable (String) -> Void
    private let files = Mutex(Files())

    /// - Parameters:
    ///   - path: absolute, with variables.
    ///   - defaultScheme: of passwords that don't name theirs.
    ///   - usernameFormat: makes the name that is looked up from the name that logs in; nil to take it as it is.
    ///   - fieldSyntax: how variables in extra fields are written.
    ///   - pool: where files are read.
    ///   - notify: gets what the admin should know, for the log at level error.
    ///   - inform: gets which files were missing, for the log at level info.
    public init(
        path: VariableTemplate, defaultScheme: PasswordScheme = .crypt, usernameFormat: VariableTemplate? = nil,
        fieldSyntax: VariableTemplate.Syntax = .dovecot23, pool: BlockingPool,
        notify: @escaping @Sendable (String) -> Void = { _ in }, inform: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.path = path
        root = Self.root(path.constantPrefix)
        make = { path in
            PasswdFileDatabase(
                path: path, defaultScheme: defaultScheme, usernameFormat: usernameFormat, fieldSyntax: fieldSyntax,
                pool: pool, notify: notify)
        }
        self.inform = inform
    }

    public func immediateLookup(_ query: UserQuery) -> PasswordLookup? {
        guard let file = file(for: query) else { return .unknownUser(decoy: files.withLock { $0.decoy }) }
        return file.immediateLookup(query).map { answer($0, of: file) }
    }

    public func lookup(_ query: UserQuery) async -> PasswordLookup {
        guard let file = file(for: query) else { return .unknownUser(decoy: files.withLock { $0.decoy }) }
        return answer(await file.lookup(query), of: file)
    }

    /// Reads the files again that are in memory.
    public func reload() async throws(DatabaseFailure) {
        for file in files.withLock({ $0.byPath.values.map(\.file) }) {
            do {
                try await file.reload()
            } catch {
                guard error.isMissing else { throw error }
            }
        }
    }

    /// Names in a missing file are unknown; who is unknown costs the same hash in whichever file.
    private func answer(_ lookup: PasswordLookup, of file: PasswdFileDatabase) -> PasswordLookup {
        switch lookup {
        case .found(let entry) where !entry.hasEmptyPassword:
            files.withLock { if $0.decoy == nil { $0.decoy = entry.password } }
            return lookup
        case .unknownUser(let decoy):
            return .unknownUser(decoy: decoy ?? files.withLock { $0.decoy })
        case .failed(let failure) where failure.isMissing:
            inform("missing passwd file: \(file.path)")
            return .unknownUser(decoy: files.withLock { $0.decoy })
        default:
            return lookup
        }
    }

    func file(for query: UserQuery) -> PasswdFileDatabase? {
        let expanded = path.expand(query)
        guard let path = Self.normalised(expanded), path.hasPrefix(root), path.utf8.count > root.utf8.count else {
            inform("passwd-file(\(query.user)): Failed to normalize path: Path is outside '\(root)'")
            return nil
        }
        return files.withLock { files in
            files.uses += 1
            if let known = files.byPath[path] {
                files.byPath[path]?.lastUse = files.uses
                return known.file
            }
            if files.byPath.count >= Self.mostFiles,
                let oldest = files.byPath.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                files.byPath[oldest.key] = nil
            }
            let file = make(path)
            files.byPath[path] = (file, files.uses)
            return file
        }
    }

    /// The place before the first variable, spelled as the paths are that are compared with it.
    private static func root(_ prefix: String) -> String {
        guard let slash = prefix.utf8.lastIndex(of: UInt8(ascii: "/")), let place = normalised(String(prefix[...slash]))
        else { return prefix }
        return (place == "/" ? "/" : place + "/") + prefix[prefix.utf8.index(after: slash)...]
    }

    /// The path without `.`, `..` and empty parts; nil if it leads above the root or has a NUL.
    static func normalised(_ path: String) -> String? {
        guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else { return nil }
        var parts: [Substring] = []
        for part in path.split(separator: "/") {
            switch part {
            case ".": continue
            case "..":
                guard parts.popLast() != nil else { return nil }
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }
}
