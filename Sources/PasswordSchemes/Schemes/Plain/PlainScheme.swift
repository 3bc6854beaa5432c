internal import Secrets

/// PLAIN, CLEAR, CLEARTEXT: the password itself.
struct PlainScheme: SchemeImplementation {
    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash {
        .cheap(PlainHash(text: SharedSecret(data)))
    }

    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        password.clone()
    }
}

final class PlainHash: CheapHash {
    let text: SharedSecret

    init(text: SharedSecret) {
        self.text = text
    }

    func matches(_ password: borrowing Secret, user: String) -> Bool {
        password.withBytes { password in
            text.withSecret { text in text.withBytes { equalInConstantTime($0, password) } }
        }
    }
}
