/// Why stored data can't be used or a hash can't be made.
///
/// No text in it comes from a password or a hash, so it may be logged. It does not say whose data they are:
/// the caller adds the user.
public struct PasswordSchemeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: Sendable, Hashable, CaseIterable {
        /// No scheme has this name.
        case unknownScheme
        /// The data don't have the form that the scheme asks for.
        case malformed
        /// Computing it would take more time or memory than ``HashingLimits`` allow.
        case tooCostly
        /// A costly scheme was to be verified without a ``HashingWorkspace``.
        case needsWorkspace
        /// The scheme hashes the user's name too, and none was given.
        case needsUser
        /// The scheme can't store this password (a NUL byte or too many bytes for crypt(3)).
        case unsuitablePassword
        /// A parameter for a new hash is outside what the scheme allows.
        case unsuitableParameter
        /// The system refused memory, or a library failed for a reason that lies outside the data.
        case unavailable
    }

    /// What kind of failure it is.
    public let code: Code

    /// The scheme's name; for ``Code/unknownScheme`` what stood in its place, shortened and without odd characters.
    public let scheme: String

    /// What is wrong, in a few words; empty for ``Code/unknownScheme``.
    public let detail: String

    init(_ code: Code, _ scheme: PasswordScheme, _ detail: StaticString) {
        self.code = code
        self.scheme = scheme.name
        self.detail = detail.description
    }

    /// A name longer than any scheme's, or with other characters, may be part of a password: it is not repeated.
    init(unknownScheme name: Span<UInt8>) {
        code = .unknownScheme
        detail = ""
        var text = ""
        for index in name.indices {
            switch name[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                text.unicodeScalars.append(Unicode.Scalar(name[index]))
            default:
                scheme = "?"
                return
            }
        }
        scheme = 1...24 ~= name.count ? text : "?"
    }

    /// One line for a log: `Unknown scheme X`, `Password data is not valid for scheme SSHA: too short`.
    public var description: String {
        switch code {
        case .unknownScheme: "Unknown scheme \(scheme)"
        case .malformed: "Password data is not valid for scheme \(scheme): \(detail)"
        case .tooCostly: "Password data of scheme \(scheme) is too costly to check: \(detail)"
        case .needsWorkspace, .needsUser, .unsuitablePassword, .unsuitableParameter, .unavailable:
            "Scheme \(scheme): \(detail)"
        }
    }
}
