/// What a server answers to a request.
public enum ServerReply: Hashable, Sendable {
    /// `CONT⇥id⇥base64`: the mechanism's next message, not encoded yet, possibly empty.
    case challenge(RequestID, [UInt8])
    /// `CONT⇥id⇥base64⇥channel_binding=TYPE`: the same, and the client's answer has to bring what names its TLS
    /// connection by this type, such as `tls-exporter`; only for clients of protocol 1.3 and later.
    case bindingChallenge(RequestID, [UInt8], type: String)
    /// `OK⇥id⇥user=…`: the login succeeded.
    case success(RequestID, user: String, fields: [Parameter])
    /// `FAIL⇥id⇥…`
    case failure(RequestID, Failure)
    /// `CANCELLED⇥id`: the answer to CANCEL, whether or not there was such a request; only for clients of protocol 1.4
    /// and later.
    case cancelled(RequestID)

    /// The request that it answers.
    public var id: RequestID {
        switch self {
        case .challenge(let id, _), .bindingChallenge(let id, _, _), .success(let id, _, _), .failure(let id, _),
            .cancelled(let id):
            id
        }
    }

    /// Whether it is the last reply to its request.
    public var isFinal: Bool {
        switch self {
        case .challenge, .bindingChallenge: false
        case .success, .failure, .cancelled: true
        }
    }

    /// The parameters of a FAIL.
    public struct Failure: Hashable, Sendable {
        /// Absent when no name was read or the name was refused.
        public var user: String?
        /// Absent for an ordinary failure: wrong password or unknown user.
        public var code: Code?
        /// A sentence for the mail user; Postfix shows it to the remote side. Printable ASCII.
        public var reason: String?
        public var fields: [Parameter]

        public init(user: String? = nil, code: Code? = nil, reason: String? = nil, fields: [Parameter] = []) {
            self.user = user
            self.code = code
            self.reason = reason
            self.fields = fields
        }
    }

    /// `code=`: the failures that a client can tell from a wrong password.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// An internal failure: try again later.
        public static let temporaryFailure = Code(rawValue: "temp_fail")
        /// The password was right, but not for the requested identity.
        public static let authorizationFailure = Code(rawValue: "authz_fail")
        /// The account is locked.
        public static let userDisabled = Code(rawValue: "user_disabled")
        /// The password or the account has expired.
        public static let passwordExpired = Code(rawValue: "pass_expired")
        /// A response was not base64.
        public static let invalidBase64 = Code(rawValue: "invalid_base64")
    }
}
