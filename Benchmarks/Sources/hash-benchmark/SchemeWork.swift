import HashRunning
import PasswordSchemes
import Secrets

/// PasswordSchemes set to work on one stored password, in the loop that the bare function runs in too.
final class SchemeWork: Sendable {
    /// What a password is compared with.
    enum Subject: Sendable {
        case text([UInt8])
        /// Of a hash function for which there is no scheme.
        case credentials(SCRAMCredentials)
    }

    private let subject: Subject
    private let password: [UInt8]
    private let user: String
    private let isParsing: Bool

    /// - Parameter isParsing: whether each verification reads the stored text anew, as after a database lookup.
    init(_ subject: Subject, password: [UInt8], user: String, isParsing: Bool) {
        self.subject = subject
        self.password = password
        self.user = user
        self.isParsing = isParsing
    }

    /// What one thread has.
    private final class State {
        let user: String
        let isParsing: Bool
        let password: Secret
        let compared: Compared
        var workspace = HashingWorkspace()

        init(_ work: SchemeWork) throws {
            user = work.user
            isParsing = work.isParsing
            // A span may be taken of a local variable, not of another object's property.
            let passwordBytes = work.password
            password = Secret(copying: passwordBytes.span)
            compared =
                switch work.subject {
                case .text(let text): .stored(try StoredPassword(parsing: text.span, defaultScheme: .plain), text: text)
                case .credentials(let credentials): .credentials(credentials)
                }
        }

        enum Compared {
            case stored(StoredPassword, text: [UInt8])
            case credentials(SCRAMCredentials)
        }

        func run(_ count: UInt64) throws -> Bool {
            switch compared {
            case .stored(let stored, let text): try run(count, stored, text)
            case .credentials(let credentials): run(count, credentials)
            }
        }

        private func run(_ count: UInt64, _ read: StoredPassword, _ text: [UInt8]) throws -> Bool {
            var isRight = true
            for _ in 0..<count {
                let stored = isParsing ? try StoredPassword(parsing: text.span, defaultScheme: .plain) : read
                switch stored.cost {
                case .cheap: isRight = try stored.verifyCheaply(password, user: user) && isRight
                case .costly: isRight = try stored.verify(password, user: user, using: &workspace) && isRight
                }
            }
            return isRight
        }

        private func run(_ count: UInt64, _ credentials: SCRAMCredentials) -> Bool {
            var isRight = true
            for _ in 0..<count {
                let made = SCRAMCredentials(
                    password: password, salt: credentials.salt, iterations: credentials.iterations, hash: credentials.hash)
                isRight = made?.hasSameKey(as: credentials) == true && isRight
            }
            return isRight
        }
    }

    /// Valid for as long as this object.
    var work: hash_work {
        // begin hands a reference over, run borrows it, end takes it back; all within one thread of hash_run.
        unsafe hash_work(
            subject: Unmanaged.passUnretained(self).toOpaque(),
            begin: { subject in
                guard let subject = unsafe subject else { return nil }
                let work = unsafe Unmanaged<SchemeWork>.fromOpaque(subject).takeUnretainedValue()
                guard let state = try? State(work) else { return nil }
                return unsafe Unmanaged.passRetained(state).toOpaque()
            },
            run: { state, count in
                guard let state = unsafe state else { return 0 }
                let isRight = try? unsafe Unmanaged<State>.fromOpaque(state).takeUnretainedValue().run(count)
                return isRight == true ? 1 : 0
            },
            end: { state in
                guard let state = unsafe state else { return }
                unsafe Unmanaged<State>.fromOpaque(state).release()
            })
    }
}

extension SCRAMCredentials {
    fileprivate func hasSameKey(as other: SCRAMCredentials) -> Bool {
        storedKey.withSecret { key in
            key.withBytes { key in
                other.storedKey.withSecret { other in other.withBytes { equalInConstantTime($0, key) } }
            }
        }
    }
}
