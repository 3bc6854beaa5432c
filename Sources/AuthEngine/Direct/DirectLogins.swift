package import AuthDatabases
internal import Encodings
internal import SASLMechanisms
internal import Secrets

/// The straight way of one thread's logins in which nothing is special: from the line to its OK, without a request on
/// the way.
///
/// Under load that is nearly all of them: PLAIN with an initial response, or LOGIN (of PLAIN without one the question
/// for the password is answered here, and the rest by its machine), one database that answers directly
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

    /// Answers a line, if that is all there is to it.
    ///
    /// - Returns: false if the line must go its usual way; nothing was appended then.
    package mutating func answer(
        _ line: Span<UInt8>, _ names: DirectNames, _ database: some DirectPasswordDatabase,
        of machine: inout ConnectionMachine, at now: Instant, into output: inout [UInt8]
    ) -> Bool {
        if let dialogue = machine.dialogue.take() {
            return goOn(consume dialogue, line, names, database, of: &machine, at: now, into: &output)
        }
        guard let parts = DirectLine(line), names.offers(parts.mechanism) else { return false }
        switch parts.mechanism {
        case .plain:
            guard machine.admitsAtOnce(line, from: parts.address, at: now), let room = Self.room(parts.response) else {
                return false
            }
            let reading = database.directReading()
            guard reading != 0 else { return false }
            makeRoom()
            return Self.answer(line, parts, room, &message, names, database, reading, &users, &output)
        case .login:
            let dialogue = DirectDialogue(line, parts, at: now)
            dialogue.writePrompt(into: &output)
            machine.keep(dialogue)
            return true
        }
    }

    /// Takes the next message of a login by LOGIN.
    private mutating func goOn(
        _ before: consuming DirectDialogue, _ line: Span<UInt8>, _ names: DirectNames,
        _ database: some DirectPasswordDatabase, of machine: inout ConnectionMachine, at now: Instant,
        into output: inout [UInt8]
    ) -> Bool {
        var dialogue = before
        guard let place = dialogue.response(in: line), let room = Self.room(place),
            dialogue.isAdmitted(by: machine, at: now)
        else {
            machine.dialogue = dialogue
            return false
        }
        let response = line.extracting(place)
        guard dialogue.hasName else {
            let isName = dialogue.takeName(response, room, names, wasAdmitted: machine.knowsPenalties, at: now)
            if isName { dialogue.writePrompt(into: &output) }
            machine.keep(dialogue)
            return isName
        }
        let reading = database.directReading()
        makeRoom()
        let isCorrect = dialogue.withParts { _, id, name in
            guard reading != 0, Self.isCorrect(response, room, of: name, &message, database, reading, &users) else {
                return false
            }
            Self.writeSuccess(id, name, into: &output)
            return true
        }
        if isCorrect { machine.dialogueSucceeded() } else { machine.dialogue = dialogue }
        return isCorrect
    }

    /// For how many bytes there has to be room to decode so much base64; nil if that is too long.
    private static func room(_ text: Range<Int>) -> Int? {
        let room = text.count / 4 * 3 + 3
        return room <= longestMessage ? room : nil
    }

    private mutating func makeRoom() {
        if message.capacity < Self.longestMessage { message.reserveCapacity(Self.longestMessage) }
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
        writeSuccess(id, user, into: &output)
        return true
    }

    /// - Parameters:
    ///   - response: the password's base64.
    ///   - room: for what is decoded.
    private static func isCorrect(
        _ response: Span<UInt8>, _ room: Int, of user: Span<UInt8>, _ decoded: inout [UInt8],
        _ database: some DirectPasswordDatabase, _ reading: UInt64, _ users: inout DirectUsers
    ) -> Bool {
        defer { wipe(&decoded) }
        var isBase64 = false
        decoded.append(addingCapacity: room) { isBase64 = Base64.decode(response, into: &$0) }
        guard isBase64, !decoded.isEmpty, !DirectMessage.isSpecial(decoded.span) else { return false }
        return isCorrect(decoded.span, of: user, database, reading, &users)
    }

    @inline(__always)
    private static func writeSuccess(_ id: Span<UInt8>, _ user: Span<UInt8>, into output: inout [UInt8]) {
        output.append(addingCapacity: 10 + id.count + user.count) { output in
            output.append("OK\t")
            output.append(id)
            output.append("\tuser=")
            output.append(user)
            output.append(UInt8(ascii: "\n"))
        }
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
}

extension LoginCheck {
    /// Whether there is nothing to this login but its name and its password.
    fileprivate var isPlain: Bool {
        !isDebugged && query.loginUser == nil && query.masterUser == nil && query.forwardedFields.isEmpty
    }
}
