/// For the user database on the same file.
extension PasswdFileDatabase: PasswdFileSource {
    func immediateSnapshot(_ query: UserQuery) -> Result<PasswdFileSnapshot, DatabaseFailure>? {
        let (state, sight) = look(at: LookBudget.now(), isSparing: false) { ($0.state, $1) }
        return switch (state, sight) {
        case (_, .hidden(let failure)): .failure(failure)
        case (.loaded(let snapshot), .unchanged): .success(snapshot)
        case (.failed(let failure, _), .unchanged): .failure(failure)
        default: nil
        }
    }

    func snapshot(_ query: UserQuery) async -> Result<PasswdFileSnapshot, DatabaseFailure> {
        if let known = immediateSnapshot(query) { return known }
        do throws(DatabaseFailure) {
            try await reload()
        } catch {
            return error.mayPass ? known(after: error) : .failure(error)
        }
        return known(after: nil)
    }

    func listedSnapshot() async throws(DatabaseFailure) -> PasswdFileSnapshot {
        try await snapshot(UserQuery(user: "")).get()
    }
}
