internal import Encodings
internal import SASLMechanisms
internal import Secrets

/// A login of several messages in which nothing special has been said yet, as what its client said.
///
/// Its machine hears of it only when something comes that needs a machine, and is told then what came before
/// (``ConnectionMachine/hearDialogue()``).
struct DirectDialogue: ~Copyable {
    /// As much is kept of nearly all of them without taking memory twice.
    private static let usualRoom = 48
    /// Of a name's base64.
    private static let longestName = 344

    /// The AUTH line, and behind it the name, once that has come.
    private var text: [UInt8]
    private let lineLength: Int
    private let mechanism: DirectMechanism
    private let id: Range<Int>
    private let address: Range<Int>
    let beganAt: Instant
    /// When the client's last message came.
    private(set) var heardAt: Instant
    /// Whether its address was compared with those that have a penalty, when the name came.
    private(set) var wasAdmitted = false

    init(_ line: Span<UInt8>, _ parts: DirectLine, at now: Instant) {
        text = []
        text.reserveCapacity(line.count + Self.usualRoom)
        text.append(addingCapacity: line.count) { $0.append(line) }
        lineLength = line.count
        mechanism = parts.mechanism
        id = parts.id
        address = parts.address
        beganAt = now
        heardAt = now
    }

    /// Whether the next message has the password; it has the name otherwise.
    var bringsPassword: Bool {
        switch mechanism {
        case .plain: true
        case .login: text.count > lineLength
        }
    }

    /// What is to be asked now, with the prompts of ``LoginServerMechanism``, and with none for PLAIN.
    func writePrompt(into output: inout [UInt8]) {
        let id = text.span.extracting(id)
        output.append(addingCapacity: 20 + id.count) { output in
            output.append("CONT\t")
            output.append(id)
            switch mechanism {
            case .plain: output.append("\t\n")
            // Password: and Username:
            case .login: output.append(bringsPassword ? "\tUGFzc3dvcmQ6\n" : "\tVXNlcm5hbWU6\n")
            }
        }
    }

    /// Where the base64 is in a line that goes on with this login.
    ///
    /// - Returns: nil for every other line, be it right or wrong.
    func response(in line: Span<UInt8>) -> Range<Int>? {
        let start = 5 + id.count
        guard line.count > start, line.has("CONT\t", at: 0), line[start] == UInt8(ascii: "\t") else { return nil }
        for offset in 0..<id.count where line[5 + offset] != text[id.lowerBound + offset] { return nil }
        let response = start + 1..<line.count
        // What stands behind another TAB depends on the protocol's version.
        return line.firstIndex(of: UInt8(ascii: "\t"), in: response) == nil ? response : nil
    }

    /// Whether the penalties leave a message of this login alone.
    func isAdmitted(by machine: inout ConnectionMachine, at now: Instant) -> Bool {
        machine.admitsAtOnce(text.span, from: address, at: now)
    }

    /// - Parameter wasAdmitted: whether any address has a penalty.
    /// - Returns: whether it is a name that nothing is done to; it is not taken otherwise.
    mutating func takeName(
        _ response: Span<UInt8>, _ names: DirectNames, wasAdmitted: Bool, at now: Instant
    ) -> Bool {
        guard response.count <= Self.longestName else { return false }
        var isBase64 = false
        text.append(addingCapacity: Base64.room(toDecode: response.count)) { isBase64 = Base64.decode(response, into: &$0) }
        guard isBase64, names.isPlain(text.span.extracting(lineLength..<text.count)) else {
            dropName()
            return false
        }
        heardAt = now
        self.wasAdmitted = wasAdmitted
        return true
    }

    /// What is no name may be a password: programs mix up what they are asked for.
    private mutating func dropName() {
        // Behind the line, and initialised.
        unsafe text.withUnsafeMutableBytes { unsafe wipe(UnsafeMutableRawBufferPointer(rebasing: $0[lineLength...])) }
        text.removeLast(text.count - lineLength)
    }

    /// Lends the AUTH line, the id, and the name, which is empty as long as there is none.
    func withParts<Result>(_ body: (_ line: Span<UInt8>, _ id: Span<UInt8>, _ name: Span<UInt8>) -> Result) -> Result {
        body(
            text.span.extracting(0..<lineLength), text.span.extracting(id),
            text.span.extracting(lineLength..<text.count))
    }
}
