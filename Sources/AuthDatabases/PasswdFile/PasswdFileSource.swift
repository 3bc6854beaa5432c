/// Where a user database finds the content of a passwd-file.
protocol PasswdFileSource: Sendable {
    /// The file that a query is about as it is now, if it needn't be read.
    func immediateSnapshot(_ query: UserQuery) -> Result<PasswdFileSnapshot, DatabaseFailure>?
    /// The file that a query is about as it is now.
    func snapshot(_ query: UserQuery) async -> Result<PasswdFileSnapshot, DatabaseFailure>
    /// The file whose users can be listed.
    func listedSnapshot() async throws(DatabaseFailure) -> PasswdFileSnapshot
    func reload() async throws(DatabaseFailure)
}

extension PasswdFilesDatabase: PasswdFileSource {
    func immediateSnapshot(_ query: UserQuery) -> Result<PasswdFileSnapshot, DatabaseFailure>? {
        guard let file = file(for: query) else { return .failure(.nowhere) }
        return file.immediateSnapshot(query)
    }

    func snapshot(_ query: UserQuery) async -> Result<PasswdFileSnapshot, DatabaseFailure> {
        guard let file = file(for: query) else { return .failure(.nowhere) }
        return await file.snapshot(query)
    }

    func listedSnapshot() async throws(DatabaseFailure) -> PasswdFileSnapshot {
        throw DatabaseFailure("users can't be listed if the file's path has variables in it")
    }
}

extension DatabaseFailure {
    /// There can't be such a file, and so no such user.
    fileprivate static let nowhere = DatabaseFailure("the file would be outside of its directory", isMissing: true)
}
