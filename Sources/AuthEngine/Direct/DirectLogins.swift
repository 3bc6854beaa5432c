package import AuthDatabases
internal import Encodings
internal import SASLMechanisms
internal import Secrets

/// The straight way of one thread's logins in which nothing is special: from the line to its OK, without a request on
/// the way.
///
/// Under load that is nearly all of them: PLAIN or LOGIN, one database that answers directly
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
        guard let response = parts.response else {
            let dialogue = DirectDialogue(line, parts, at: now)
            dialogue.writePrompt(into: &output)
            machine.keep(consume dialogue)
            return true
        }
        guard machine.admitsAtOnce(line, from: parts.address, at: now) else { return false }
        return logIn(line.extracting(response), nil, line.extracting(parts.id), names, database, into: &output)
    }

    /// Takes the next message of a login that brings more than one.
    private mutating func goOn(
        _ before: consuming DirectDialogue, _ line: Span<UInt8>, _ names: DirectNames,
        _ database: some DirectPasswordDatabase, of machine: inout ConnectionMachine, at now: Instant,
        into output: inout [UInt8]
    ) -> Bool {
        var dialogue = before
        guard let place = dialogue.response(in: line), dialogue.isAdmitted(by: &machine, at: now) else {
            machine.dialogue = consume dialogue
            return false
        }
        let response = line.extracting(place)
        guard dialogue.bringsPassword else {
            let isName = dialogue.takeName(response, names, wasAdmitted: machine.knowsPenalties(), at: now)
            if isName { dialogue.writePrompt(into: &output) }
            machine.keep(consume dialogue)
            return isName
        }
        let isLoggedIn = dialogue.withParts { _, id, name in
            logIn(response, name.isEmpty ? nil : name, id, names, database, into: &output)
        }
        if isLoggedIn { machine.dialogueSucceeded() } else { machine.dialogue = consume dialogue }
        return isLoggedIn
    }

    /// - Parameters:
    ///   - response: base64 of the password; of PLAIN's message, if the user isn't known yet.
    ///   - user: a plain name.
    private mutating func logIn(
        _ response: Span<UInt8>, _ user: Span<UInt8>?, _ id: Span<UInt8>, _ names: DirectNames,
        _ database: some DirectPasswordDatabase, into output: inout [UInt8]
    ) -> Bool {
        let room = Base64.room(toDecode: response.count)
        guard room <= Self.longestMessage else { return false }
        let reading = database.directReading()
        guard reading != 0 else { return false }
        if message.capacity < Self.longestMessage { message.reserveCapacity(Self.longestMessage) }
        return Self.logIn(response, room, user, id, &message, names, database, reading, &users, &output)
    }

    /// The memory that the message is decoded to, and the users, each for itself: looks at both overlap.
    @inline(__always)
    private static func logIn(
        _ response: Span<UInt8>, _ room: Int, _ user: Span<UInt8>?, _ id: Span<UInt8>, _ decoded: inout [UInt8],
        _ names: DirectNames, _ database: some DirectPasswordDatabase, _ reading: UInt64, _ users: inout DirectUsers,
        _ output: inout [UInt8]
    ) -> Bool {
        defer { wipe(&decoded) }
        var isBase64 = false
        decoded.append(addingCapacity: room) { isBase64 = Base64.decode(response, into: &$0) }
        guard isBase64 else { return false }
        let message = decoded.span
        guard let user else {
            guard let places = DirectMessage(message) else { return false }
            let user = message.extracting(places.user)
            guard names.isPlain(user) else { return false }
            return logIn(user, message.extracting(places.password), id, database, reading, &users, &output)
        }
        guard !message.isEmpty, !DirectMessage.isSpecial(message) else { return false }
        return logIn(user, message, id, database, reading, &users, &output)
    }

    @inline(__always)
    private static func logIn(
        _ user: Span<UInt8>, _ password: Span<UInt8>, _ id: Span<UInt8>, _ database: some DirectPasswordDatabase,
        _ reading: UInt64, _ users: inout DirectUsers, _ output: inout [UInt8]
    ) -> Bool {
        guard isCorrect(password, of: user, database, reading, &users) else { return false }
        output.append(addingCapacity: 10 + id.count + user.count) { output in
            output.append("OK\t")
            output.append(id)
            output.append("\tuser=")
            output.append(user)
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
}
