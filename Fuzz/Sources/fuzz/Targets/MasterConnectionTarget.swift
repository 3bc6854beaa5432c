import AuthDatabases
import DovecotAuthProtocol

@testable import AuthEngine

/// One peer of a master or userdb socket: as many answers as questions, no word after the end, nothing left over when
/// all time has passed.
///
/// Lines go to the machine as they are, but for those that begin with `!`: what happens on this side.
enum MasterConnectionTarget {
    static func run(_ input: Span<UInt8>) {
        let (choices, rest) = input.choices
        var peer = Peer(choices)
        for line in rest.lines {
            switch line.text {
            case "!names": peer.answer(.names(["alice", "bob@example.com", ""]))
            case "!end": peer.answer(.namesEnd(hasFailed: false))
            case "!broken": peer.answer(.namesEnd(hasFailed: true))
            case "!unknown": peer.answer(.claim(.unknownLogin))
            case "!flushed": peer.answer(.flushed(3))
            case "!minute": peer.pass(.seconds(60))
            case "!long": peer.perform { machine, _ in machine.receivedTooLongLine() }
            case "!eof": peer.machine.inputEnded()
            case "!gone":
                peer.machine.peerClosed()
                peer.isClosed = true
            default:
                guard peer.machine.wantsInput else { break }
                let bytes = Array(line)
                peer.perform { machine, now in machine.received(bytes.span, at: now) }
            }
        }
        peer.pass(.seconds(1_000_000))
        demand(peer.isClosed || peer.machine.nextDeadline == nil, "a deadline that never passes")
    }

    private struct Peer {
        var machine: MasterConnectionMachine
        var now = Instant(nanoseconds: 1_000_000_000)
        var isClosed = false
        private var questions: [MasterTicket] = []

        init(_ choices: UInt8) {
            var settings = MasterConnectionSettings(kind: choices & 1 != 0 ? .master : .userdb, usernames: UsernamePolicy())
            settings.restrictedUserID = choices & 2 != 0 ? 1000 : nil
            settings.peerProcessID = choices & 4 != 0 ? 7 : nil
            settings.isVerbose = choices & 8 != 0
            settings.maximumLookupsInFlight = 4
            machine = MasterConnectionMachine(settings: settings, at: now)
        }

        mutating func answer(_ answer: MasterAnswer) {
            guard let ticket = questions.first else { return }
            if case .names = answer {} else { questions.removeFirst() }
            perform { machine, now in machine.answered(ticket, answer, at: now) }
        }

        mutating func pass(_ duration: Duration) {
            now = now + duration
            var steps = 0
            while let action = machine.deadlinePassed(at: now) {
                perform { _, _ in action }
                steps += 1
                demand(steps < 1000, "a deadline that passes for ever")
            }
        }

        mutating func perform(_ event: (inout MasterConnectionMachine, Instant) -> MasterAction) {
            switch event(&machine, now) {
            case .nothing: break
            case .reply(let reply):
                demand(!isClosed, "a reply after the end")
                var lines: [UInt8] = []
                reply.encode(into: &lines)
                for line in lines.split(separator: UInt8(ascii: "\n")) {
                    demand(!line.text.utf8.contains { $0 == 0 || $0 == 0x0D }, "a reply that no peer can read: \(line.text)")
                }
            case .ask(let ticket, _):
                demand(!isClosed, "a question after the end")
                questions.append(ticket)
            case .close: isClosed = true
            }
            for line in machine.takeLog() {
                demand(!line.text.utf8.contains { $0 < 0x20 || $0 == 0x7f }, "a log line with control characters: \(line)")
            }
            for ticket in machine.takeAbandoned() { questions.removeAll { $0 == ticket } }
        }
    }
}
