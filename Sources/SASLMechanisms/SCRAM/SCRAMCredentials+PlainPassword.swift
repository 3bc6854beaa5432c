public import PasswordSchemes
public import Secrets

extension SCRAMCredentials {
    /// The credentials of a user whose password is stored in plain text: costly, some milliseconds.
    ///
    /// The password goes through SASLprep, as RFC 5802 section 2.2 demands and clients do; one that SASLprep forbids is
    /// taken as it is, which is all that Dovecot does. Salt and iteration count are those of the decoys, so that such a
    /// user looks like one who doesn't exist; Dovecot draws a salt anew each time.
    ///
    /// - Parameter user: the name under which the databases look.
    /// - Returns: nil if ``DecoySecret/scramIterations`` is no count that PBKDF2 takes.
    public init?(plainPassword: borrowing Secret, user: String, hash: SCRAMHash, decoys: DecoySecret) {
        let prepared: Secret
        do throws(StringPreparationError) {
            prepared = try SASLprep.prepare(plainPassword, as: .stored)
        } catch {
            prepared = plainPassword.clone()
        }
        self.init(
            password: prepared, salt: decoys.salt(for: user, hash: hash), iterations: decoys.scramIterations,
            hash: hash)
    }
}
