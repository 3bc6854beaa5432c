/// A name that no mechanism of this library has.
public struct UnknownMechanism: Error, Hashable, Sendable, CustomStringConvertible {
    public let name: String

    public init(name: String) {
        self.name = name
    }

    /// Names the mechanisms that there are, and for one of Dovecot's own why it is not among them.
    public var description: String {
        let known = MechanismRegistry.known.mechanisms.map(\.name).joined(separator: ", ")
        guard let reason = Self.reason(name) else {
            return "unknown SASL mechanism \"\(name)\": this server has \(known)"
        }
        return "SASL mechanism \"\(name)\" is not here: \(reason); leave it out, for this server has \(known)"
    }

    /// Dovecot's other mechanisms (2.2 to 2.4).
    private static func reason(_ name: String) -> String? {
        switch name.uppercased() {
        case "GSSAPI", "GSS-SPNEGO": "it needs a Kerberos realm and a keytab"
        case "NTLM": "it needs Samba's winbind, and its digest is as good as broken"
        case "OTP", "SKEY": "each login has to write the next one-time password into the database, which is only read"
        case "APOP": "it is a command of POP3 servers, not of SMTP, and needs passwords in plain text"
        case "DOVECOT-TOKEN": "only Dovecot's own processes log in to each other with it"
        case "RPA": "it was CompuServe's, and Dovecot has dropped it, too"
        default: nil
        }
    }
}
