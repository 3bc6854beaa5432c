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
