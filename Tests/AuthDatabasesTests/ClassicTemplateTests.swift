import AuthDatabases
import Foundation
import TestSupport
import Testing

@Suite("Templates of 2.3")
struct ClassicTemplateTests {
    /// The login that `Recordings/record-variables.py` asked Dovecot 2.3.19.1 about.
    static let query: UserQuery = {
        var query = UserQuery(user: "Value.1234@Example.com@last")
        query.mechanism = "plain"
        query.localAddress = "192.0.2.1"
        query.remoteAddress = "2001:db8::7"
        query.localPort = 25
        query.remotePort = 4242
        query.sessionID = "S1"
        query.security = .tls
        query.hasValidClientCertificate = true
        query.localName = "mail.example"
        query.clientID = "me"
        query.realRemoteAddress = "198.51.100.3"
        query.realLocalPort = 2525
        return query
    }()

    static let recorded: [(template: String, text: String)] = {
        let directory = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let file = (try? String(contentsOfFile: "\(directory)/Recordings/variables.txt", encoding: .utf8)) ?? ""
        return file.split(separator: "\n").map { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
            return (String(parts[0]), parts[1...].joined(separator: "\t"))
        }
    }()

    private func expand(_ text: String) throws -> String {
        let template = try VariableTemplate(
            parsing: text, syntax: .dovecot23, constant: { $0 == "env:FOO" ? "baR" : nil })
        return try template.expand(Self.query) { owner, name in
            owner == .passdb && name == "f0" ? "<Value.1234@Example.com@last" : nil
        }
    }

    @Test("All templates were recorded")
    func count() {
        #expect(Self.recorded.count == 125)
    }

    @Test("Dovecot 2.3.19.1 expands them to the same", arguments: recorded)
    func same(template: String, text: String) throws {
        #expect(try expand(template) == text)
    }

    /// `test-var-expand.c` of 2.3.19.1: the hashes of `value` and `value2` among 50.
    @Test(
        "Buckets",
        arguments: [
            ("value", "%50Hu", "1f"), ("value2", "%50Hu", "2e"), ("value", "%50Nu", "25"), ("value2", "%50Nu", "e"),
        ])
    func buckets(user: String, template: String, expected: String) throws {
        #expect(try VariableTemplate(parsing: template, syntax: .dovecot23).expand(UserQuery(user: user)) == expected)
    }

    @Test(
        "What Gatepost can't expand is refused",
        arguments: [
            ("%x", "%x is no variable or modifier of Dovecot 2.3"), ("%{user", "{ has no }"),
            ("%w", "%{password} is not here because the password would be copied to where it is not wiped"),
            ("%{sha3-256:user}", "there is no variable \"sha3-256\" here, or Gatepost has it not"),
            ("%{if;a;~;b;c;d}", "Gatepost has no regular expressions in if; use * with * and ? in the pattern"),
            ("%{if;a;is;b;c;d}", "if has no comparison \"is\""), ("%{if;a;eq;b}", "if takes four or five parts, not 3"),
            ("%{sha1;rounds=0:user}", "rounds=0 is not a number from 1 to 1000000"),
            ("%{sha1:nothing}", "there is no variable \"nothing\" here, or Gatepost has it not"),
            ("%9999999u", "9999999 is too large a number"), ("%{env:BAR}", "%{env:BAR} is not known here"),
        ])
    func refused(template: String, reason: String) {
        let fault = #expect(throws: VariableTemplate.Fault.self) { try expand(template) }
        #expect(fault?.description == "\"\(template)\": \(reason)")
    }

    @Test("Conditions inside conditions end somewhere")
    func deep() {
        let template = String(repeating: "%{if;", count: 50) + "a" + String(repeating: ";eq;a;b;c}", count: 50)
        #expect(throws: VariableTemplate.Fault.self) { try expand(template) }
    }

    @Test("A comparison of numbers needs numbers when it comes to it")
    func notANumber() throws {
        let template = try VariableTemplate(parsing: "a%{if;%u;==;1;yes;no}", syntax: .dovecot23)
        let failure = #expect(throws: VariableTemplate.Failure.self) {
            try template.expand(UserQuery(user: "x")) { _, _ in nil }
        }
        #expect(failure?.description == "\"x\" is not a number")
        #expect(template.expand(UserQuery(user: "x")) == "a")
        #expect(template.expand(UserQuery(user: "1")) == "ayes")
    }

    @Test("No bytes make a template crash", arguments: 0..<2000)
    func hostile(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let words = ["%", "{", "}", "if;", ";", "eq", "sha1", ":", "user", "L", "-", "0", ".", "9", "\\", "|", "(", ")",
                     "'", ",", "lower", "é", "substr(1", "%{", "n", "u", "=", "salt=", "default"]
        let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
            words.randomElement(using: &random) ?? ""
        }.joined()
        for syntax in [VariableTemplate.Syntax.dovecot23, .dovecot24] {
            _ = (try? VariableTemplate(parsing: text, syntax: syntax))?.expand(Self.query)
        }
    }
}
