@testable import AuthDatabases
import Testing

@Suite("Templates of 2.3 in the words of 2.4")
struct TemplateTranslationTests {
    @Test("mean the same", arguments: ClassicTemplateTests.recorded)
    func same(template: String, text: String) throws {
        // Some can't be said, and say so.
        guard let translation = try? TemplateTranslation(classic: template) else { return }
        let parsed = try VariableTemplate(
            parsing: translation.text, syntax: .dovecot24, constant: { $0 == "env:FOO" ? "baR" : nil })
        let expand = { () throws(VariableTemplate.Failure) in
            try parsed.expand(ClassicTemplateTests.query) { owner, name in
                owner == .passdb && name == "f0" ? "<Value.1234@Example.com@last" : nil
            }
        }
        if translation.cautions.isEmpty {
            #expect(try expand() == text, "\(translation.text)")
        } else if let expanded = try? expand() {
            #expect(expanded == text, "\(translation.text)")
        }
    }

    @Test(
        "are written as people write them",
        arguments: [
            ("%Lu", "%{user | lower}"), ("/srv/%d/%n", "/srv/%{user | domain}/%{user | username}"), ("100%%", "100%"),
            ("%%%u", "%{literal('%')}%{user}"), ("%%{x}", "%%{x}"), ("%{passdb:a:b}", "%{passdb:a | default('b')}"),
            ("%2.256Nn", "%{user | username | md5 | substr(0, 8) % 256 | hex | lfill(2)}"),
            ("%{sha1;rounds=3,salt=x:domain}", "%{user | domain | sha1(rounds=3, salt='x') | hexlify}"),
            ("%{if;%n;eq;a'b;%u;no}", "%{user | username | if('eq', 'a\\'b', user, 'no')}"),
            ("%{if;%a;==;25;yes;no}", "%{local_port | if('==', 25, 'yes', 'no')}"), ("%Mu", "%{user | md5 | hexlify}"),
            ("%{env:HOME}", "%{env:HOME}"), ("%{hostname}", "%{system:hostname}"), ("%s", "%{protocol}"),
        ])
    func words(old: String, new: String) throws {
        #expect(try TemplateTranslation(classic: old).text == new)
    }

    @Test(
        "are refused where there are no words",
        arguments: ["%Hu", "%Eu", "%Tu", "%{if;%u%n;eq;a;b;c}", "%{if;%u;eq;%n;b;c}", "%{sha1;salt=%u%d:user}", "%Zu"])
    func impossible(template: String) {
        #expect(throws: VariableTemplate.Fault.self) { try TemplateTranslation(classic: template) }
    }

    @Test("say where short names fail")
    func cautions() throws {
        #expect(
            try TemplateTranslation(classic: "%3u").cautions == [
                "\"%3u\": substr of 2.4 fails where the value is too short for the part, 2.3 takes what there is"
            ])
    }
}
