import DovecotAuthProtocol
import Testing

/// As Dovecot 2.3.19.1 writes them; see Tests/Recordings/masters.
@Suite("Replies on a userdb or master socket")
struct MasterReplyEncodingTests {
    @Test("Each is a line of its own", arguments: [
        (.user(id: 1, name: "alice", fields: [.init("uid", "1000"), .init("gid", "1001"), .init("home", "/home/alice")]),
            "USER⇥1⇥alice⇥uid=1000⇥gid=1001⇥home=/home/alice"),
        (.user(id: 0, name: "al\tice", fields: [.init("flag"), .init("empty", ""), .init("", "nameless"), .init("x", "a\tb")]),
            "USER⇥0⇥al␁tice⇥flag⇥empty⇥x=a␁tb"),
        (.password(id: 2, user: "bob", fields: []), "PASS⇥2⇥user=bob"),
        (.password(id: 2, user: "bob", fields: [.init("proxy"), .init("host", "192.0.2.9")]),
            "PASS⇥2⇥user=bob⇥proxy⇥host=192.0.2.9"),
        (.notFound(id: .max), "NOTFOUND⇥4294967295"),
        (.failure(id: 1), "FAIL⇥1"),
        (.failure(id: 1, reason: "Moving_house"), "FAIL⇥1⇥reason=Moving_house"),
        (.names(id: 9, ["alice", "wide name"]), "LIST⇥9⇥alice\nLIST⇥9⇥wide name"),
        (.listEnd(id: 9, hasFailed: false), "DONE⇥9⇥"),
        (.listEnd(id: 9, hasFailed: true), "DONE⇥9⇥fail"),
        (.flushed(id: "abc", count: 0), "OK⇥abc⇥0"),
    ] as [(MasterReply, String)])
    func line(_ reply: MasterReply, _ line: String) {
        var bytes: [UInt8] = []
        reply.encode(into: &bytes)
        #expect(bytes == (line + "\n").onWire)
    }

    @Test("A line break in a name can't forge a line")
    func escaping() {
        var bytes: [UInt8] = []
        MasterReply.user(id: 1, name: "a\nUSER\t2\tb", fields: [.init("x", "y\nz")]).encode(into: &bytes)
        #expect(bytes.count { $0 == UInt8(ascii: "\n") } == 1)
    }

    @Test("The greeting is VERSION and SPID")
    func greeting() {
        var bytes: [UInt8] = []
        MasterGreeting(serverProcessID: 42).encode(into: &bytes)
        #expect(bytes == "VERSION⇥1⇥1\nSPID⇥42\n".onWire)
    }
}
