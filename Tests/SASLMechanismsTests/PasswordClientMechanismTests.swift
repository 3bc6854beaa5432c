import SASLMechanisms
import Secrets
import Testing

@Suite("PLAIN and LOGIN, client side")
struct PasswordClientMechanismTests {
    private func secret(_ text: String) -> Secret { Secret(copying: Array(text.utf8).span) }

    private func text(_ secret: borrowing Secret) -> String {
        secret.withBytes { span in String(decoding: span.indices.map { span[$0] }, as: UTF8.self) }
    }

    private func initial(_ mechanism: inout some ClientMechanism & ~Copyable) -> String? {
        guard let secret = mechanism.initialResponse() else { return nil }
        return text(secret)
    }

    private func answer(_ mechanism: inout some ClientMechanism & ~Copyable, _ challenge: String) throws -> String {
        let secret = try mechanism.respond(to: Array(challenge.utf8).span)
        return text(secret)
    }

    // The two examples of RFC 4616 section 4.
    @Test("PLAIN says it all in one message", arguments: [
        ("tim", "tanstaaftanstaaf", nil, "\0tim\0tanstaaftanstaaf"), ("Kurt", "xipj3plmq", "Ursel", "Ursel\0Kurt\0xipj3plmq"),
    ] as [(String, String, String?, String)])
    func plain(_ user: String, _ password: String, _ authorizationID: String?, _ message: String) throws {
        var mechanism = PlainClientMechanism(
            user: user, password: secret(password), authorizationID: authorizationID)
        #expect(initial(&mechanism) == message)
        #expect(throws: ClientMechanismFailure.self) { try answer(&mechanism, "") }
        var waiting = PlainClientMechanism(
            user: user, password: secret(password), authorizationID: authorizationID, initialResponse: false)
        #expect(initial(&waiting) == nil)
        #expect(try answer(&waiting, "") == message)
        #expect(throws: ClientMechanismFailure.self) { try answer(&waiting, "") }
    }

    @Test("LOGIN says the name, then the password, whatever it is asked", arguments: [
        ["Username:", "Password:"], ["User Name\0", "Password\0"], ["", ""],
    ])
    func login(_ prompts: [String]) throws {
        var mechanism = LoginClientMechanism(user: "alice", password: secret("wonderland"))
        #expect(initial(&mechanism) == nil)
        #expect(try answer(&mechanism, prompts[0]) == "alice")
        #expect(try answer(&mechanism, prompts[1]) == "wonderland")
        #expect(throws: ClientMechanismFailure.self) { try answer(&mechanism, "More:") }
    }

    @Test("LOGIN can begin with the name")
    func loginInitialResponse() throws {
        var mechanism = LoginClientMechanism(user: "alice", password: secret(""), initialResponse: true)
        #expect(initial(&mechanism) == "alice")
        #expect(try answer(&mechanism, "Password:") == "")
    }
}
