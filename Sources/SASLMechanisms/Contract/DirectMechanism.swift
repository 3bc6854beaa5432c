/// The mechanisms of this library that only bring a name and a password.
package enum DirectMechanism: Sendable {
    /// ``PlainServerMechanism``
    case plain
    /// ``LoginServerMechanism``
    case login
}
