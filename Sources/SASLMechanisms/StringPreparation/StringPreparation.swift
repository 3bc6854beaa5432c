internal import Secrets

/// What a client does to names and passwords before it uses them.
public enum StringPreparation: Hashable, Sendable {
    /// As the RFCs demand of SCRAM, and recommend for PLAIN.
    case saslPrep
    /// Nothing: as Dovecot does on both sides.
    case verbatim

    func prepare(_ name: String, as purpose: SASLprep.Purpose) throws(StringPreparationError) -> String {
        switch self {
        case .saslPrep: try SASLprep.prepare(name, as: purpose)
        case .verbatim: name
        }
    }

    func prepare(
        _ password: borrowing Secret, as purpose: SASLprep.Purpose
    ) throws(StringPreparationError) -> Secret {
        switch self {
        case .saslPrep: try SASLprep.prepare(password, as: purpose)
        case .verbatim: password.clone()
        }
    }
}
