internal import AuthDatabases
internal import DovecotAuthProtocol
internal import SASLMechanisms
internal import Secrets

/// One request from its AUTH to its last reply; owned by its connection and by nobody else.
final class Exchange {
    enum State: Equatable {
        /// It is the mail client's turn.
        case awaitingClient(until: Instant)
        /// It is the engine's turn.
        case checking(Question)
        /// Answered, but not told yet: see ``answer``.
        case delayed(until: Instant)
    }

    /// What a request is told.
    enum Answer: Equatable {
        case reply(ServerReply)
        /// The server's last message, for the client to acknowledge.
        case lastChallenge(ServerReply)
        /// By a reply or by the end of the connection, as things are then.
        case temporaryFailure
    }

    /// What the engine waits to hear from the databases.
    struct Question: Equatable {
        enum Subject: Equatable {
            case password, credential, token

            init(_ subject: borrowing LoginCheck.Subject) {
                switch subject {
                case .password: self = .password
                case .credential: self = .credential
                case .token: self = .token
                }
            }
        }

        let serial: UInt64
        let subject: Subject
        let deadline: Instant
    }

    /// What OK will say.
    struct Admission {
        var user: String
        var masterUser: String?
        var fields: [Parameter] = []
        /// For the mail process that takes the login over.
        var userdbFields: [ExtraField]?
        var heldBackFor: Duration?

        /// Why a user who is right is not let in: `nologin`, which mail servers overlook.
        ///
        /// With `proxy` or `host` beside it, it says only that the login takes place elsewhere.
        var noLogin: Refusal? {
            guard fields.contains(where: { $0.name == "nologin" }),
                !fields.contains(where: { $0.name == "proxy" || $0.name == "host" })
            else { return nil }
            return Refusal(
                reason: fields.first { $0.name == "reason" }?.value,
                fields: fields.filter { !$0.isOfSuccessOnly && $0.name != "reason" },
                targetUser: masterUser == nil ? nil : user, masterUser: masterUser, isOfRightPassword: true)
        }
    }

    /// What FAIL will say, if the databases know.
    struct Refusal {
        var code: ServerReply.Code?
        var reason: String?
        var fields: [Parameter] = []
        var targetUser: String?
        var masterUser: String?
        var isUndelayed = false
        /// The password was right all the same.
        var isOfRightPassword = false
    }

    /// What the address of a login had to answer for when it began.
    struct Standing {
        let address: PenaltyAddress
        var points: Int
        /// When the login may be told how it ended.
        var notBefore: Instant
    }

    let request: AuthenticationRequest
    var mechanism: any ServerMechanism & ~Copyable
    /// When the client's last message for this request came; a failure is told at a fixed time after it.
    var heardAt: Instant
    var state: State
    /// What it will be told, once that is decided.
    var answer: Answer?
    /// The question that has its answer: nobody has to be told any more that it is given up.
    var answered: UInt64?
    /// As whom and with what the login ends if the mechanism is content; nil as long as nobody may log in.
    var admission: Admission?
    var refusal = Refusal()
    /// How the login stands with the failures of its address; nil if it doesn't count there, or hasn't begun.
    var standing: Standing?
    /// Tells the password that was tried, and the user; nil without one.
    var guess: UInt32?
    /// Whether the log has a line for its failure that fail2ban knows.
    var isLoggedAsFailure = false
    /// The channel binding that the last challenge asked for.
    var awaitsChannelBinding = false
    /// Whether the mechanism has succeeded and the client only has to take its last message.
    var isSucceeding = false
    /// The name after normalisation, once the mechanism has one.
    var user: String?
    /// The name as the mail client gave it.
    var originalUser: String?
    /// On a login socket, for a proxy.
    var password: SharedSecret?
    /// As whom to log in, if that is somebody else.
    var loginUser: String?

    init(
        _ request: consuming AuthenticationRequest, _ mechanism: consuming any ServerMechanism & ~Copyable, at now: Instant
    ) {
        self.request = request
        self.mechanism = mechanism
        heardAt = now
        state = .awaitingClient(until: now)
    }
}

extension Exchange.Refusal {
    init(_ verdict: LoginVerdict, code: ServerReply.Code? = nil, reason: String? = nil) {
        self.init(
            code: code, reason: reason, fields: verdict.fields.filter { !$0.isOfSuccessOnly },
            targetUser: verdict.targetUser, masterUser: verdict.masterUser, isUndelayed: verdict.isUndelayed)
    }

    /// For whoever has yet to prove a password.
    static func unproven(_ request: AuthenticationRequest, _ verdict: LoginVerdict) -> Self {
        Self(fields: ForwardedFields.parameters(of: request), isUndelayed: verdict.isUndelayed)
    }
}
