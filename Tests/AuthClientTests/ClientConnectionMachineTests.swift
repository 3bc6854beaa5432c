@testable import AuthClient
import DovecotAuthProtocol
import Testing

@Suite("The client's connection machine")
struct ClientConnectionMachineTests {
    private typealias Machine = ClientConnectionMachine

    private func feed(_ machine: inout ClientConnectionMachine, _ line: String) -> ClientConnectionMachine.OnLine {
        machine.received(Array(line.replacing("⇥", with: "\t").utf8).span)
    }

    private static let greeting = [
        "VERSION⇥1⇥2", "MECH⇥PLAIN⇥plaintext", "MECH⇥LOGIN⇥plaintext", "SPID⇥77", "CUID⇥3", "COOKIE⇥0a0b", "DONE",
    ]

    private func openMachine(requests: Int = 0) -> ClientConnectionMachine {
        var machine = ClientConnectionMachine()
        for line in Self.greeting { _ = feed(&machine, line) }
        for _ in 0..<requests { _ = machine.begin() }
        return machine
    }

    @Test("A greeting of Dovecot 2.3 opens the connection at DONE")
    func greeting() {
        var machine = ClientConnectionMachine()
        for line in Self.greeting.dropLast() { #expect(feed(&machine, line) == .ignore) }
        #expect(
            feed(&machine, "DONE")
                == .ready(
                    ServerDescription(
                        version: .current,
                        mechanisms: [.init(name: "PLAIN", flags: .plaintext), .init(name: "LOGIN", flags: .plaintext)],
                        processID: 77, connectionID: 3, cookie: "0a0b")))
    }

    @Test("Unknown words of a greeting are ignored, and SPID, CUID and COOKIE may be missing")
    func leniency() {
        var machine = ClientConnectionMachine()
        for line in ["VERSION⇥1⇥9", "NEWS⇥x", "MECH⇥X"] { #expect(feed(&machine, line) == .ignore) }
        guard case .ready(let server) = feed(&machine, "DONE") else {
            Issue.record("the handshake is not over")
            return
        }
        #expect(server.offers("x"))
        #expect(!server.offers("PLAIN"))
    }

    @Test("Greetings that are none", arguments: [
        (["220 mail.example.org ESMTP"], .notAnAuthServer(firstWord: "220 mail.example.org ESMTP")),
        ([""], .notAnAuthServer(firstWord: "")), (["a\u{7}b"], .notAnAuthServer(firstWord: "a?b")),
        (["MECH⇥PLAIN"], .notAnAuthServer(firstWord: "MECH?PLAIN")),
        (["VERSION⇥2⇥0"], .incompatibleVersion(major: 2)), (["VERSION⇥x"], .brokenGreeting(word: "VERSION")),
        // What Dovecot 2.3.19.1 says on its master and userdb sockets.
        (["VERSION⇥1⇥1", "SPID⇥30190"], .masterSocket),
        (["VERSION⇥1⇥2", "DONE"], .noMechanisms), (["VERSION⇥1⇥2", "MECH⇥"], .brokenGreeting(word: "MECH")),
        (["VERSION⇥1⇥2", "MECH⇥PLAIN", "SPID⇥x"], .brokenGreeting(word: "SPID")),
        (["VERSION⇥1⇥2", "MECH⇥PLAIN", "FAIL⇥1"], .unexpectedLine(word: "FAIL")),
        (["VERSION⇥1⇥2", "MECH⇥PLAIN", "OK⇥1"], .brokenGreeting(word: "OK")),
    ] as [([String], ConnectionFault)])
    func brokenGreeting(_ lines: [String], _ fault: ConnectionFault) {
        var machine = ClientConnectionMachine()
        for line in lines.dropLast() { #expect(feed(&machine, line) == .ignore) }
        #expect(feed(&machine, lines.last ?? "") == .fail(fault, []))
        // Closed for good.
        #expect(feed(&machine, "VERSION⇥1⇥2") == .ignore)
        #expect(machine.begin() == .refuse(fault))
        #expect(machine.disconnected() == .ignore)
        #expect(machine.handshakeDeadlinePassed() == .ignore)
        #expect(machine.receivedTooLongLine() == .ignore)
        #expect(machine.close() == .ignore)
        #expect(machine.abandoned(1) == .ignore)
    }

    @Test("The end of the connection and of the time, within the handshake")
    func handshakeEnds() {
        var machine = ClientConnectionMachine()
        #expect(machine.disconnected() == .fail(.endedInHandshake(heardAnything: false), []))
        machine = ClientConnectionMachine()
        _ = feed(&machine, "VERSION⇥1⇥2")
        #expect(machine.disconnected() == .fail(.endedInHandshake(heardAnything: true), []))
        machine = ClientConnectionMachine()
        #expect(machine.handshakeDeadlinePassed() == .fail(.handshakeTimedOut(heardAnything: false), []))
        machine = ClientConnectionMachine()
        _ = feed(&machine, "VERSION⇥1⇥2")
        #expect(machine.handshakeDeadlinePassed() == .fail(.handshakeTimedOut(heardAnything: true), []))
        machine = ClientConnectionMachine()
        #expect(machine.close() == .fail(.closed, []))
        machine = ClientConnectionMachine()
        #expect(machine.receivedTooLongLine() == .fail(.lineTooLong, []))
        machine = ClientConnectionMachine()
        #expect(machine.begin() == .refuse(.closed))
        #expect(machine.abandoned(1) == .ignore)
    }

    @Test("Requests get ids from 1 up and are answered in any order")
    func requests() {
        var machine = openMachine()
        for id in 1...3 { #expect(machine.begin() == .send(RequestID(UInt32(id)))) }
        #expect(feed(&machine, "CONT⇥2⇥UGFzc3dvcmQ6") == .challenge(2, Array("Password:".utf8)))
        #expect(feed(&machine, "OK⇥3⇥user=x⇥a=b") == .finish(3, .success(user: "x", fields: [Parameter("a", "b")])))
        #expect(
            feed(&machine, "FAIL⇥2⇥user=y⇥code=temp_fail")
                == .finish(2, .failure(.init(user: "y", code: .temporaryFailure))))
        #expect(feed(&machine, "CONT⇥1⇥") == .challenge(1, []))
        #expect(machine.begin() == .send(4))
    }

    @Test("Replies that nobody waits for are ignored: to finished, unknown and cancelled requests", arguments: [
        "OK⇥1⇥user=x", "FAIL⇥1", "CONT⇥1⇥", "OK⇥9⇥user=x", "FAIL⇥9", "CONT⇥9⇥", "FAIL⇥2", "OK⇥2⇥user=x", "OK⇥9",
        "CANCELLED⇥2",
    ])
    func strayReplies(_ line: String) {
        var machine = openMachine(requests: 3)
        _ = feed(&machine, "OK⇥1⇥user=x")
        #expect(machine.abandoned(2) == .sendCancel)
        #expect(feed(&machine, line) == .ignore)
        #expect(feed(&machine, "FAIL⇥3") == .finish(3, .failure(.init())))
    }

    @Test("A request is given up once")
    func abandoning() {
        var machine = openMachine(requests: 2)
        #expect(machine.abandoned(1) == .sendCancel)
        #expect(machine.abandoned(1) == .ignore)
        #expect(machine.abandoned(9) == .ignore)
        _ = feed(&machine, "FAIL⇥2")
        #expect(machine.abandoned(2) == .ignore)
    }

    @Test("An OK that names nobody ends its request, not the connection")
    func nameless() {
        var machine = openMachine(requests: 2)
        #expect(feed(&machine, "OK⇥1⇥user=") == .namelessSuccess(1))
        #expect(feed(&machine, "OK⇥2⇥user=x") == .finish(2, .success(user: "x", fields: [])))
    }

    @Test("After DONE only replies make sense", arguments: [
        ("VERSION⇥1⇥2", .unexpectedLine(word: "VERSION")), ("MECH⇥PLAIN", .unexpectedLine(word: "MECH")),
        ("SPID⇥1", .unexpectedLine(word: "SPID")), ("CUID⇥1", .unexpectedLine(word: "CUID")),
        ("COOKIE⇥0", .unexpectedLine(word: "COOKIE")), ("DONE", .unexpectedLine(word: "DONE")),
        ("HELLO", .unexpectedLine(word: "HELLO")), ("", .unexpectedLine(word: "")), ("OK", .brokenReply(word: "OK")),
        ("CONT⇥1⇥*", .brokenReply(word: "CONT")), ("FAIL⇥x", .brokenReply(word: "FAIL")),
    ] as [(String, ConnectionFault)])
    func unexpected(_ line: String, _ fault: ConnectionFault) {
        var machine = openMachine(requests: 2)
        #expect(feed(&machine, line) == .fail(fault, [1, 2]))
        #expect(machine.begin() == .refuse(fault))
    }

    @Test("The end of an open connection is the end of all its requests")
    func openEnds() {
        var machine = openMachine(requests: 3)
        _ = feed(&machine, "FAIL⇥2")
        #expect(machine.disconnected(reason: "Broken pipe") == .fail(.lost(reason: "Broken pipe"), [1, 3]))
        #expect(machine.disconnected() == .ignore)
        machine = openMachine(requests: 1)
        #expect(machine.close() == .fail(.closed, [1]))
        machine = openMachine(requests: 1)
        #expect(machine.receivedTooLongLine() == .fail(.lineTooLong, [1]))
        machine = openMachine(requests: 1)
        #expect(machine.handshakeDeadlinePassed() == .ignore)
    }

    @Test("Every fault has a sentence that names the address and no control character", arguments: [
        .notAnAuthServer(firstWord: "220"), .incompatibleVersion(major: 2), .masterSocket, .noMechanisms,
        .brokenGreeting(word: "MECH"), .endedInHandshake(heardAnything: true), .endedInHandshake(heardAnything: false),
        .handshakeTimedOut(heardAnything: true), .handshakeTimedOut(heardAnything: false), .lineTooLong,
        .brokenReply(word: "OK"), .unexpectedLine(word: "X"), .lost(reason: nil), .lost(reason: "Broken pipe"), .closed,
    ] as [ConnectionFault])
    func sentences(_ fault: ConnectionFault) {
        let text = fault.error(at: "/run/auth").description
        #expect(text.contains("/run/auth"))
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }
}
