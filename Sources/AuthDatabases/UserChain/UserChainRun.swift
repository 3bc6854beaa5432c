/// One lookup's way through the user databases, with Dovecot's rules, as a machine without I/O.
public struct UserChainRun: Sendable {
    private enum Phase {
        case asking, confirming, resolving, finished
    }

    private enum Result {
        case success, failure, internalFailure
    }

    /// What the databases are asked; they may change the name.
    public private(set) var query: UserQuery
    private let links: [UserDatabaseChain.Link]
    private let hasPrefetched: Bool
    /// Whether somebody has logged in, so that the user should be there.
    private let isLogin: Bool
    private var index = 0
    private var phase = Phase.asking
    private var fields = UserFields()
    /// The fields without those of the database that is being asked.
    private var kept = UserFields()
    private var isFound = false
    private var hasConfirmedFields = false
    private var hasResolvedOwner = false
    private var hasFailedInternally = false
    private var records: [UserVerdict.Record] = []
    private var verdict: UserVerdict?

    init(_ query: UserQuery, _ links: [UserDatabaseChain.Link], prefetched: [ExtraField]?) {
        self.query = query
        self.links = links
        isLogin = query.isKnown
        hasPrefetched = prefetched != nil
        if let prefetched, let first = links.first {
            setTemplates(first.rules.defaultFields)
            fields.set(prefetched, &self.query)
        }
        begin()
    }

    /// What has to happen now; the same again until that is reported.
    public func next() -> UserChainStep {
        switch phase {
        case .asking: .lookUp(index)
        case .confirming: .confirm
        case .resolving: reference.map { .resolve($0) } ?? .finished(decision)
        case .finished: .finished(decision)
        }
    }

    /// What the database of the last ``UserChainStep/lookUp(_:)`` says.
    public mutating func lookedUp(_ lookup: UserLookup) {
        guard phase == .asking, index < links.count else { return }
        switch lookup {
        case .found(let record):
            if let user = record.user { query.user = user }
            if links[index].rules.importsAllFields { fields.set(record.fields, &query) }
            proceed(after: .success)
        case .unknownUser:
            record(.unknownUser)
            proceed(after: .failure)
        case .unconfirmed where query.isKnown:
            fail("\(links[index].name) asks for a confirmation twice")
        case .unconfirmed:
            phase = .confirming
        case .prefetched where hasPrefetched || hasConfirmedFields:
            proceed(after: .success)
        case .prefetched where links.count > 1:
            proceed(after: .failure)
        case .prefetched:
            fail(
                isLogin
                    ? "passdb didn't return userdb entries"
                    : "userdb lookup not possible with only userdb prefetch; add another userdb after it")
        case .failed(let failure):
            fail(failure.description)
        }
    }

    /// What the password databases say.
    public mutating func confirmed(_ confirmation: UserConfirmation) {
        guard phase == .confirming else { return }
        phase = .asking
        switch confirmation {
        case .known(let user, let userdbFields):
            query.user = user
            query.isKnown = true
            if let userdbFields {
                hasConfirmedFields = true
                fields.set(userdbFields, &query)
            }
        case .unknown:
            proceed(after: .failure)
        case .unavailable:
            fail("passdb doesn't support lookups, can't verify user's existence; set allow_all_users=yes if all exist")
        case .failed:
            proceed(after: .internalFailure)
        }
    }

    /// What the system says of the account of the last ``UserChainStep/resolve(_:)``.
    public mutating func resolved(_ numbers: AccountNumbers) {
        guard phase == .resolving, let reference else { return }
        switch (reference, numbers) {
        case (.user, .number(let number)):
            fields.put("uid", "\(number)")
        case (.group, .number(let number)):
            fields.put("gid", "\(number)")
        case (.owner, .owner(let user, let group)):
            fields.put("uid", "\(user)")
            fields.put("gid", "\(group)")
            hasResolvedOwner = true
        case (_, .unknown(let error)):
            fields.fail(error)
        default:
            fields.fail("the system's answer to \(reference) makes no sense")
        }
        conclude()
    }

    // MARK: Database by database

    private mutating func begin() {
        guard index < links.count else { return finish(after: .failure) }
        kept = fields
        setTemplates(links[index].rules.defaultFields)
        phase = .asking
    }

    private mutating func setTemplates(_ templates: [FieldTemplate]) {
        for template in templates {
            let field = template.expand(query)
            fields.set(field.name, field.value ?? "", &query)
        }
    }

    private mutating func fail(_ error: String) {
        record(.error(error))
        proceed(after: .internalFailure)
    }

    private mutating func proceed(after result: Result) {
        let rules = links[index].rules
        let action =
            switch result {
            case .success: rules.onSuccess
            case .failure: rules.onFailure
            case .internalFailure: rules.onInternalFailure
            }
        switch action {
        case .returnOK, .continueOK: isFound = true
        case .returnFail, .continueFail: isFound = false
        case .return, .continue: break
        }
        if result == .internalFailure { hasFailedInternally = true }
        let goesOn = [.continue, .continueOK, .continueFail].contains(action)
        if goesOn, let following = links.indices.dropFirst(index + 1).first(where: { !isSkipped(links[$0]) }) {
            if result == .success { setTemplates(rules.overrideFields) } else { takeBack() }
            index = following
            return begin()
        }
        finish(after: result)
    }

    /// What a database set that did not succeed is forgotten, but for its wish that the lookup fail.
    private mutating func takeBack() {
        let (hasFailed, errors, reason) = (fields.hasFailedTemporarily, fields.errors, fields["reason"])
        fields = kept
        guard hasFailed else { return }
        fields.set("tempfail", "", &query)
        fields.errors = errors
        if let reason { fields.put("reason", reason) }
    }

    private func isSkipped(_ link: UserDatabaseChain.Link) -> Bool {
        switch link.rules.skip {
        case .never: false
        case .ifFound: isFound
        case .ifNotFound: !isFound
        }
    }

    private mutating func finish(after result: Result) {
        if isFound, index < links.count { setTemplates(links[index].rules.overrideFields) }
        conclude()
    }

    // MARK: The end

    /// What still has to be turned into a number.
    private var reference: AccountReference? {
        guard isFound, !fields.hasFailedTemporarily else { return nil }
        if let file = fields.ownerFile, !hasResolvedOwner { return .owner(ofFile: file) }
        if let uid = fields["uid"], !Self.isNumber(uid) { return .user(uid) }
        if let gid = fields["gid"], !Self.isNumber(gid) { return .group(gid) }
        return nil
    }

    /// A sign is none of a number's.
    private static func isNumber(_ text: String) -> Bool {
        UInt32(text) != nil && text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") }
    }

    private mutating func conclude() {
        phase = reference == nil ? .finished : .resolving
        guard phase == .finished else { return }
        for error in fields.errors { record(.error(error)) }
        fields.errors = []
        let outcome: UserVerdict.Outcome
        if fields.hasFailedTemporarily {
            outcome = .failed(reason: fields["reason"])
        } else if isFound {
            outcome = .found(user: query.user, fields: fields.list)
        } else if hasFailedInternally {
            outcome = .failed(reason: nil)
        } else {
            if isLogin { record(.error("user not found from any userdbs")) }
            outcome = .unknownUser
        }
        verdict = UserVerdict(outcome: outcome, records: records)
    }

    private var decision: UserVerdict { verdict ?? UserVerdict(outcome: .failed(reason: nil), records: records) }

    private mutating func record(_ event: UserVerdict.Record.Event) {
        let link = links.indices.contains(index) ? links[index] : nil
        records.append(
            .init(driver: link?.name ?? "userdb", user: query.user, isVerbose: link?.rules.isVerbose, event: event))
    }
}
