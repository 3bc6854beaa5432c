import DovecotAuthProtocol
import Secrets

/// A client's line, in every minor version; what can be read is written as a line that reads the same.
enum ClientCommandTarget {
    static func run(_ input: Span<UInt8>) throws(BrokenRule) {
        for minorVersion in [0, 2, 4] as [UInt32] {
            let command: ClientCommand
            do throws(ClientCommandFault) {
                command = try ClientCommand(parsing: input, minorVersion: minorVersion)
            } catch {
                _ = "\(error)"
                continue
            }
            try check(command)
        }
    }

    private static func check(_ command: consuming ClientCommand) throws(BrokenRule) {
        switch consume command {
        case .authenticate(let request, let response):
            var given: Secret?
            if case .given(let secret) = consume response { given = consume secret }
            let message = given?.array
            var line: [UInt8] = []
            ClientCommandEncoder.authenticate(request, initialResponse: given, into: &line)
            guard let again = try reread(line), case .authenticate(let copy, let answer) = again else {
                throw BrokenRule("an AUTH that we wrote can't be read: \(line.text)")
            }
            try demand(copy == request, "an AUTH reads otherwise than it was written: \(line.text)")
            var second: Secret?
            if case .given(let secret) = consume answer { second = consume secret }
            try demand(second?.array == message, "an initial response reads otherwise than it was written")
        case .proceed(let id, let response, let binding):
            guard let response else { return }
            let message = response.array
            var line: [UInt8] = []
            ClientCommandEncoder.proceed(id, response: response, channelBinding: binding, into: &line)
            guard let again = try reread(line), case .proceed(id, let copy, binding) = again else {
                throw BrokenRule("a CONT that we wrote can't be read")
            }
            try demand(copy?.array == message, "a response reads otherwise than it was written")
        case .version: return
        case .processID: return
        case .cancel: return
        }
    }

    private static func reread(_ line: [UInt8]) throws(BrokenRule) -> ClientCommand? {
        try demand(line.last == UInt8(ascii: "\n") && line.dropLast().allSatisfy { $0 != UInt8(ascii: "\n") }, "not one line")
        return try? ClientCommand(parsing: Array(line.dropLast()).span, minorVersion: 4)
    }
}
