import AuthServer
import SASLMechanisms
import Secrets
import Testing

extension RealPeers {
    @Suite(
        "Channel binding over the socket", .serialized, .timeLimit(.minutes(1)),
        .enabled(if: Requirement.hasServer && ServerKind.current == .gatepost, "Dovecot has it from 2.4 on"))
    struct ChannelBindingTests {
        private static func run(_ body: (ServerUnderTest) throws -> Void) throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            try place.write("alice:{PLAIN}wonderland\n", to: "accounts", mode: 0o644)
            let socket = "\(place.path)/auth"
            let server = try ServerUnderTest(
                .init(
                    socket: socket, users: "\(place.path)/accounts", mechanisms: "scram-sha-256-plus scram-sha-256 plain",
                    more: "service auth {\n  unix_listener \(socket) {\n    gatepost_greeting = version\n  }\n}\n"))
            defer { server.stop() }
            try body(server)
        }

        private static func client(_ binding: SCRAMChannelBinding) throws -> SCRAMClientMechanism {
            var generator = SystemRandomNumberGenerator()
            return try SCRAMClientMechanism(
                .sha256, user: "alice", password: Secret(copying: Array("wonderland".utf8).span),
                randomness: ExchangeRandomness(using: &generator), channelBinding: binding)
        }

        private static func text(_ secret: borrowing Secret) -> String {
            secret.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
        }

        @Test("At connect comes VERSION alone; -PLUS is listed to who says 1.3 and to nobody else", arguments: [
            (0, false), (2, false), (3, true), (4, true),
        ])
        func greeting(minor: Int, isListed: Bool) throws {
            try Self.run { server in
                let stream = try LineStream.unix(server.socket)
                #expect(try stream.readLine() == "VERSION\t1\t4")
                #expect(throws: (any Error).self) { try stream.readLine(within: .milliseconds(200)) }
                try stream.write("VERSION\t1\t\(minor)\n")
                var lines: [String] = []
                while lines.last != "DONE", let line = try stream.readLine() { lines.append(line) }
                #expect(lines.contains("MECH\tSCRAM-SHA-256-PLUS\tmutual-auth\tchannel-binding") == isListed)
                #expect(lines.contains("MECH\tSCRAM-SHA-256\tmutual-auth"))
            }
        }

        @Test(
            "Who sits at the other end of the same TLS connection logs in, and nobody else",
            arguments: ChannelBindingType.allCases, [true, false])
        func login(type: ChannelBindingType, isSame: Bool) throws {
            try Self.run { server in
                let auth = try AuthConversation(server.socket, minorVersion: 4)
                let data = "what both ends of the session know"
                var client = try Self.client(.used(ChannelBinding(type: type, data: Array(data.utf8))))
                let first = Self.text(client.initialResponse() ?? Secret(copying: [UInt8]().span))
                let reply = try #require(
                    try auth.say(
                        "AUTH\t1\tSCRAM-SHA-256-PLUS\tprotocol=smtp\tfinal-resp-ok\tresp=\(Base64.encode(first))"))
                let fields = reply.split(separator: "\t").map(String.init)
                #expect(fields.count == 4 && fields[0] == "CONT" && fields[3] == "channel_binding=\(type.rawValue)")
                let final = Self.text(try client.respond(to: Array(Base64.decode(fields[2]).utf8).span))
                let told = Base64.encode(isSame ? data : "another session")
                let verdict = try #require(
                    try auth.say("CONT\t1\t\(Base64.encode(final))\tchannel_binding=\(told)"))
                #expect(verdict.hasPrefix(isSame ? "OK\t1\tuser=alice\tresp=" : "FAIL\t1\tuser=alice"))
                #expect(try auth.say("CANCEL\t7") == "CANCELLED\t7")
            }
        }

        @Test("Who could bind and was made to believe that the server can't is refused")
        func downgrade() throws {
            try Self.run { server in
                for (minor, word) in [(4, "FAIL\t1"), (2, "CONT\t1\t")] {
                    let auth = try AuthConversation(server.socket, minorVersion: minor)
                    var client = try Self.client(.unadvertised)
                    let first = Self.text(client.initialResponse() ?? Secret(copying: [UInt8]().span))
                    let reply = try auth.say("AUTH\t1\tSCRAM-SHA-256\tservice=smtp\tresp=\(Base64.encode(first))")
                    #expect(reply?.hasPrefix(word) == true)
                }
                #expect(server.log.contains("Potential downgrade attack detected"))
            }
        }
    }
}
