internal import AuthDatabases
internal import DovecotAuthProtocol

extension MasterConnectionMachine {
    /// - Parameter login: the login that was taken over, if there was one.
    mutating func reply(_ id: UInt32, _ verdict: UserVerdict, of login: WaitingLogin?) -> MasterReply {
        switch verdict.outcome {
        case .found(let user, let record):
            guard let login else {
                guard mayKnow(user, record) else { return .failure(id: id) }
                return .user(id: id, name: user, fields: record.map { Parameter($0.name, $0.value) })
            }
            var taken = login
            taken.rename(to: user)
            return .user(
                id: id, name: user, fields: taken.fields(beside: record).map { Parameter($0.name, $0.value) })
        case .unknownUser:
            return .notFound(id: id)
        case .failed(let reason):
            return .failure(id: id, reason: reason)
        }
    }

    func reply(_ id: UInt32, _ record: PasswordRecord) -> MasterReply {
        switch record {
        case .found(let user, let fields, _):
            .password(id: id, user: user, fields: fields.map { Parameter($0.name, $0.value) })
        case .unknown: .notFound(id: id)
        case .unavailable: .failure(id: id, reason: "Configured passdbs don't support credentials lookups")
        case .barred, .failed: .failure(id: id)
        }
    }

    /// A peer on a socket that is open to all sees the record that is its own.
    private mutating func mayKnow(_ user: String, _ record: [ExtraField]) -> Bool {
        guard let peer = settings.restrictedUserID else { return true }
        let uid = record.first { $0.name == "uid" }?.value
        if let uid, UInt32(uid) == peer { return true }
        let fault =
            uid.map { "userdb uid (\($0)) doesn't match peer uid (\(peer))" } ?? "userdb reply doesn't contain uid"
        note(
            .error,
            "client doesn't have lookup permissions for this user: \(fault) (\(LogText.safe(user)); to bypass this check, "
                + "set: service auth { unix_listener … { mode=0777 } })")
        return false
    }
}
