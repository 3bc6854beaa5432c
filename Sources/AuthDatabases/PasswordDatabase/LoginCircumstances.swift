/// What is known of a login beside the name, see ``UserQuery``.
package struct LoginCircumstances: Sendable, Hashable {
    package var originalUser: String
    package var service: String
    package var mechanism: String = ""
    package var localAddress: String?
    package var remoteAddress: String?
    package var localPort: UInt16?
    package var remotePort: UInt16?
    package var sessionID: String?
    package var realRemoteAddress: String?
    package var realLocalAddress: String?
    package var realLocalPort: UInt16?
    package var realRemotePort: UInt16?
    package var localName: String?
    package var clientID: String?
    package var security = UserQuery.Security.none
    package var hasValidClientCertificate: Bool = false
    package var loginUser: String?
    package var masterUser: String?
    package var forwardedFields: [ExtraField] = []

    /// All at once: to change one after the other takes a login more time.
    package init(
        originalUser: String, service: String, mechanism: String = "", localAddress: String? = nil,
        remoteAddress: String? = nil, localPort: UInt16? = nil, remotePort: UInt16? = nil, sessionID: String? = nil,
        realRemoteAddress: String? = nil, realLocalAddress: String? = nil, realLocalPort: UInt16? = nil,
        realRemotePort: UInt16? = nil, localName: String? = nil, clientID: String? = nil,
        security: UserQuery.Security = .none, hasValidClientCertificate: Bool = false, loginUser: String? = nil,
        masterUser: String? = nil, forwardedFields: [ExtraField] = []
    ) {
        self.originalUser = originalUser
        self.service = service
        self.mechanism = mechanism
        self.localAddress = localAddress
        self.remoteAddress = remoteAddress
        self.localPort = localPort
        self.remotePort = remotePort
        self.sessionID = sessionID
        self.realRemoteAddress = realRemoteAddress
        self.realLocalAddress = realLocalAddress
        self.realLocalPort = realLocalPort
        self.realRemotePort = realRemotePort
        self.localName = localName
        self.clientID = clientID
        self.security = security
        self.hasValidClientCertificate = hasValidClientCertificate
        self.loginUser = loginUser
        self.masterUser = masterUser
        self.forwardedFields = forwardedFields
    }
}

/// One for all copies of a query: they are many, and what they say is long.
final class SharedCircumstances: Sendable, Hashable {
    let value: LoginCircumstances

    init(_ value: consuming LoginCircumstances) {
        self.value = value
    }

    static func == (left: SharedCircumstances, right: SharedCircumstances) -> Bool {
        left === right || left.value == right.value
    }

    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
