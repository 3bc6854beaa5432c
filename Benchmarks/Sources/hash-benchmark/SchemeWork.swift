import HashRunning
import PasswordSchemes
import Secrets

/// PasswordSchemes set to work on one stored password, in the loop that the bare function runs in too.
final class SchemeWork: Sendable {
    private let text: [UInt8]
    private let password: [UInt8]
    private let user: String
    private let isParsing: Bool

    /// - Parameter isParsing: whether each verification reads the stored text anew, as after a database lookup.
    init(text: [UInt8], password: [UInt8], user: String, isParsing: Bool) {
        self.text = text
        self.password = password
        self.user = user
        self.isParsing = isParsing
    }

    /// What one thread has.
    private final class State {
        let text: [UInt8]
        let user: String
        let isParsing: Bool
        let password: Secret
        let stored: StoredPassword
        var workspace = HashingWorkspace()

        init(_ work: SchemeWork) throws {
            text = work.text
            user = work.user
            isParsing = work.isParsing
            // A span may be taken of a local variable, not of another object's property.
            let passwordBytes = work.password
            password = Secret(copying: passwordBytes.span)
            let textBytes = work.text
            stored = try StoredPassword(parsing: textBytes.span, defaultScheme: .plain)
        }

        func run(_ count: UInt64) throws -> Bool {
            var isRight = true
            let text = text
            for _ in 0..<count {
                let stored = isParsing ? try StoredPassword(parsing: text.span, defaultScheme: .plain) : stored
                switch stored.cost {
                case .cheap: isRight = try stored.verifyCheaply(password, user: user) && isRight
                case .costly: isRight = try stored.verify(password, user: user, using: &workspace) && isRight
                }
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
