import AuthEngine
import DovecotAuthProtocol
import SASLMechanisms
import Testing

@testable import AuthServer

@Suite("The greeting of a connection (clients.md, rules 1 to 8)")
struct GreetingTests {
    private func greeted(_ change: (inout AuthServerConfiguration) throws -> Void = { _ in }) throws -> [String] {
        let connection = try ServedConnection([try MemoryUsers.aliceAndBob()], change)
        connection.open()
        return connection.writes()
    }

    @Test("It is one write, before any input")
    func oneWrite() throws {
        let writes = try greeted()
        try #require(writes.count == 1)
        let words = writes[0].lines.map { String($0.prefix { $0 != "\t" }) }
        #expect(words == ["VERSION", "MECH", "MECH", "SPID", "CUID", "COOKIE", "DONE"])
        #expect(writes[0].hasSuffix("\nDONE\n"))
    }

    @Test("VERSION is 1.2, the identifiers are decimal and not zero, the cookie is of 32 digits")
    func fields() throws {
        let lines = try greeted()[0].lines
        #expect(lines[0] == "VERSION\t1\t2")
        #expect(lines[1...2] == ["MECH\tPLAIN\tplaintext", "MECH\tLOGIN\tplaintext"])
        for line in lines[3...4] {
            let number = line.split(separator: "\t").last.flatMap { UInt32($0) }
            #expect(number ?? 0 > 0, "\(line)")
        }
        let cookie = try #require(lines[5].split(separator: "\t").last)
        #expect(cookie.count == 32)
        #expect(cookie.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }

    @Test("With every mechanism that there is it stays below 1024 bytes")
    func size() throws {
        // Those with channel binding are told only to clients that have said what they understand.
        let all = MechanismRegistry.known.mechanisms.map(\.name).filter { !$0.hasSuffix("-PLUS") }
        let writes = try greeted {
            $0.mechanisms = MechanismRegistry.known
            $0.tokenValidator = NoTokens()
        }
        try #require(writes.count == 1)
        #expect(writes[0].utf8.count < 1024)
        let lines = writes[0].lines
        #expect(lines.filter { $0.hasPrefix("MECH\t") }.map { $0.split(separator: "\t")[1] } == all.map { Substring($0) })
        let lastMechanism = try #require(lines.lastIndex { $0.hasPrefix("MECH\t") })
        let process = try #require(lines.firstIndex { $0.hasPrefix("SPID\t") })
        #expect(lastMechanism < process)
    }

    @Test("Mechanisms that need tokens are offered only if somebody judges tokens")
    func tokens() throws {
        let names = ["PLAIN", "OAUTHBEARER", "XOAUTH2"]
        let connection = try ServedConnection.introduced([try MemoryUsers.aliceAndBob()]) {
            $0.mechanisms = try MechanismRegistry(names: names)
        }
        connection.send("AUTH\t1\tXOAUTH2\tservice=smtp\n")
        #expect(connection.writes() == ["FAIL\t1\treason=Unsupported authentication mechanism\n"])
        for validator in [nil, NoTokens()] {
            let lines = try greeted {
                $0.mechanisms = try MechanismRegistry(names: names)
                $0.tokenValidator = validator
            }[0].lines
            #expect(lines.filter { $0.hasPrefix("MECH\t") }.count == (validator == nil ? 1 : 3))
        }
    }

    @Test("A malformed message with a token is answered by an error report with the configured scope (RFC 7628)")
    func tokenHints() throws {
        let connection = try ServedConnection.introduced([try MemoryUsers.aliceAndBob()]) {
            $0.mechanisms = try MechanismRegistry(names: ["OAUTHBEARER"])
            $0.tokenValidator = NoTokens()
            $0.tokenHints = TokenHints(scope: "smtp")
        }
        connection.send("AUTH\t1\tOAUTHBEARER\tservice=smtp\tresp=eA==\n")
        // {"status":"invalid_request","scope":"smtp"}
        #expect(connection.writes() == ["CONT\t1\teyJzdGF0dXMiOiJpbnZhbGlkX3JlcXVlc3QiLCJzY29wZSI6InNtdHAifQ==\n"])
    }

    // What Dovecot 2.4.1 (Debian 13) says on a socket of type auth to auth_mechanisms = scram-sha-256-plus
    // scram-sha-1-plus plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256 external anonymous xoauth2 oauthbearer.
    private static let dovecot24 = [
        "MECH\tPLAIN\tplaintext", "MECH\tLOGIN\tplaintext", "MECH\tCRAM-MD5\tdictionary\tactive",
        "MECH\tDIGEST-MD5\tdictionary\tactive\tmutual-auth", "MECH\tSCRAM-SHA-1\tmutual-auth",
        "MECH\tSCRAM-SHA-256\tmutual-auth", "MECH\tEXTERNAL", "MECH\tANONYMOUS\tanonymous", "MECH\tXOAUTH2\tplaintext",
        "MECH\tOAUTHBEARER\tplaintext", "MECH\tSCRAM-SHA-256-PLUS\tmutual-auth\tchannel-binding",
        "MECH\tSCRAM-SHA-1-PLUS\tmutual-auth\tchannel-binding",
    ]

    @Test("Clients of protocol 1.3 hear what Dovecot 2.4 tells them, others nothing of channel binding", arguments: [
        (2, 10), (3, 12), (4, 12),
    ] as [(UInt32, Int)])
    func channelBinding(minorVersion: UInt32, count: Int) throws {
        var configuration = AuthServerConfiguration(databases: [])
        configuration.mechanisms = try MechanismRegistry(
            names: ["scram-sha-256-plus", "scram-sha-1-plus"] + Self.dovecot24.prefix(10).map { String($0.split(separator: "\t")[1]) })
        configuration.tokenValidator = NoTokens()
        let listener = ServedListener(settings: configuration.connectionSettings(.automatic, greeting: .afterVersion))
        var bytes: [UInt8] = []
        listener.greeting(forMinorVersion: minorVersion)
            .encodeRest(connectionID: 1, cookie: .init(high: 1, low: 2), into: &bytes)
        let lines = String(decoding: bytes, as: UTF8.self).lines.filter { $0.hasPrefix("MECH\t") }
        #expect(lines == Array(Self.dovecot24.prefix(count)))
    }

    @Test("Two connections have different identifiers and cookies")
    func different() throws {
        let first = try ServedConnection([try MemoryUsers.aliceAndBob()])
        first.open()
        let second = try greeted()[0].lines
        let lines = first.writes()[0].lines
        #expect(lines[5] != second[5])
        let connection = try #require(lines[4].split(separator: "\t").last.flatMap { UInt32($0) })
        #expect(first.registry.nextNumber() == connection + 1)
    }

    @Test("A reply never shares a write with it, even if the request came first")
    func pipelined() throws {
        let connection = try ServedConnection([try MemoryUsers.aliceAndBob()])
        connection.open()
        connection.send("VERSION\t1\t1\nCPID\t1\n" + .alice(1))
        let writes = connection.writes()
        try #require(writes.count == 2)
        #expect(writes[0].hasSuffix("\nDONE\n"))
        #expect(writes[1] == "OK\t1\tuser=alice\n")
    }

    @Test("After DONE nothing is said unasked, not in a day")
    func silence() throws {
        let connection = try ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        connection.pass(.seconds(24 * 3600))
        #expect(connection.writes() == [])
        #expect(connection.isOpen)
    }
}
