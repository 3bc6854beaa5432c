package import AuthDatabases
internal import Encodings
internal import Secrets

/// The straight way of one thread's logins in which nothing is special: from the line to its OK, without a request on
/// the way.
///
/// Under load that is nearly all of them: PLAIN with an initial response (of other logins that bring a password, the
/// question for it is answered here, and the rest by their machine), one database that answers directly
/// (``DirectPasswordDatabase``), nothing stored but a digest, no rule that would look at a login, and the right password.
/// Whatever is otherwise, be it a wrong password, is left to ``ConnectionMachine`` as if nobody had looked at it, and
/// what is answered here it would answer with the same bytes.
package struct DirectLogins: ~Copyable {
    /// The longest decoded message, in bytes; longer ones go the other way.
    private static let longestMessage = 384

    private var users = DirectUsers()
    /// Wiped after each use, and never longer than its first memory.
    private var message: [UInt8] = []

    package init() {}

    /// Logs in whom this line logs in, if that is all there is to it.
    ///
    /// - Returns: false if the line must go its usual way; nothing was appended then.
    package mutating func answer(
        _ line: Span<UInt8>, _ names: DirectNames, _ database: some DirectPasswordDatabase,
        of machine: borrowing ConnectionMachine, at now: Instant, into output: inout [UInt8]
    ) -> Bool {
        guard let parts = DirectLine(line), machine.admitsAtOnce(line, from: parts.address, at: now) else { return false }
        let room = parts.response.count / 4 * 3 + 3
        guard room <= Self.longestMessage else { return false }
        let reading = database.directReading()
        guard reading != 0 else { return false }
        if message.capacity < Self.longestMessage { message.reserveCapacity(Self.longestMessage) }
        return Self.answer(line, parts, room, &message, names, database, reading, &users, &output)
    }

    /// Answers the question for a password, by whichever mechanism it came, if that is all there is to it.
    ///
    /// - Returns: the verdict of ``Authenticator/decide(_:)``; nil if the question must go there.
    package mutating func answer(
        _ check: borrowing LoginCheck, _ names: DirectNames, _ database: some DirectPasswordDatabase
    ) -> LoginVerdict? {
        guard check.isPlain else { return nil }
        let user = check.query.user
        guard names.isPlain(user.utf8.span) else { return nil }
        let reading = database.directReading()
        guard reading != 0, isCorrect(check, user, database, reading) else { return nil }
        return LoginVerdict(.success(user: user))
    }

    private mutating func isCorrect(
        _ check: borrowing LoginCheck, _ user: String, _ database: some DirectPasswordDatabase, _ reading: UInt64
    ) -> Bool {
        switch check.subject {
        case .password(let password):
            password.withBytes { password in
                guard 1...Self.longestMessage ~= password.count, !DirectMessage.isSpecial(password) else { return false }
                return Self.isCorrect(password, of: user.utf8.span, database, reading, &users)
            }
        case .credential: false
        case .token: false
        }
    }

    /// The memory that the message is decoded to, and the users, each for itself: looks at both overlap.
    private static func answer(
        _ line: Span<UInt8>, _ parts: DirectLine, _ room: Int, _ decoded: inout [UInt8], _ names: DirectNames,
        _ database: some DirectPasswordDatabase, _ reading: UInt64, _ users: inout DirectUsers, _ output: inout [UInt8]
    ) -> Bool {
        defer { wipe(&decoded) }
        var isBase64 = false
        decoded.append(addingCapacity: room) { isBase64 = Base64.decode(line.extracting(parts.response), into: &$0) }
        guard isBase64 else { return false }
        return answer(decoded.span, line.extracting(parts.id), names, database, reading, &users, &output)
    }

    private static func answer(
        _ message: Span<UInt8>, _ id: Span<UInt8>, _ names: DirectNames, _ database: some DirectPasswordDatabase,
        _ reading: UInt64, _ users: inout DirectUsers, _ output: inout [UInt8]
    ) -> Bool {
        guard let places = DirectMessage(message) else { return false }
        let (user, password) = (message.extracting(places.user), message.extracting(places.password))
        guard names.isPlain(user), isCorrect(password, of: user, database, reading, &users) else { return false }
        output.append(addingCapacity: 10 + id.count + user.count) { output in
            write("OK\t", to: &output)
            for index in id.indices { output.append(id[index]) }
            write("\tuser=", to: &output)
            for index in user.indices { output.append(user[index]) }
            output.append(UInt8(ascii: "\n"))
        }
        return true
    }

    private static func isCorrect(
        _ password: Span<UInt8>, of user: Span<UInt8>, _ database: some DirectPasswordDatabase, _ reading: UInt64,
        _ users: inout DirectUsers
    ) -> Bool {
        if let isCorrect = users.isCorrect(password, of: user, reading: reading) { return isCorrect }
        guard users.learn(user, of: database, reading: reading) else {
            users.compareInVain(password)
            return false
        }
        return users.isCorrect(password, of: user, reading: reading) ?? false
    }

    private static func write(_ word: StaticString, to output: inout OutputSpan<UInt8>) {
        // A StaticString's bytes live as long as the program.
        for offset in 0..<word.utf8CodeUnitCount { output.append(unsafe word.utf8Start[offset]) }
    }
}

extension LoginCheck {
    /// Whether there is nothing to this login but its name and its password.
    fileprivate var isPlain: Bool {
        !isDebugged && query.loginUser == nil && query.masterUser == nil && query.forwardedFields.isEmpty
    }
}
