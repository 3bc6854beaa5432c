import AuthDatabases
import Testing

/// The expected texts are those of Dovecot's own `test-var-expand.c` of 2.4.1, with its values in the user's name.
@Suite("Templates of 2.4")
struct PipelineTemplateTests {
    private func expand(_ text: String, user: String) throws -> String {
        var query = UserQuery(user: user)
        query.localPort = 3
        let template = try VariableTemplate(
            parsing: text, syntax: .dovecot24, constant: { $0 == "env:FOO" ? "bar" : nil })
        return try template.expand(query) { _, name in name == "one" ? "1" : nil }
    }

    @Test(
        "Filters",
        arguments: [
            ("%{user}", "hello"), ("%{lookup('user')}", "hello"), ("%{literal('hello')}", "hello"),
            ("%{master_user | default}", ""), ("%{master_user | default(user)}", "hello"),
            ("%{master_user | default('x')}", "x"), ("%{user | default('world')}", "hello"), ("%{default(user)}", "hello"),
            ("%{master_user}", ""), ("%{user | upper}", "HELLO"), ("%{user | upper | lower}", "hello"),
            ("%{user | substr(0)}", "hello"), ("%{user | substr(5, 0)}", ""), ("%{user | substr(1, 2)}", "el"),
            ("%{user | substr(-2, 2)}", "lo"), ("%{user | substr(2, -2)}", "l"), ("%{user | substr(-1, -1)}", ""),
            ("%{user | substr(0, -1)}", "hell"), ("%{user | substr(-1)}", "o"), ("%{user | substr(-5)}", "hello"),
            ("%{user | substr(-5, 1)}", "h"), ("%{user | substr(-5, -1)}", "hell"), ("%{user | reverse}", "olleh"),
            ("%{user | concat(' ',protocol)}", "hello smtp"), ("%{concat(user,' ',protocol)}", "hello smtp"),
            ("%{user | sha1}", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"),
            ("%{user | sha1(rounds=1000)}", "c0ddea212ee1af8d6401947d29c8bfab31f8ad93"),
            ("%{user | sha1(salt='world')}", "5715790a892990382d98858c4aa38d0617151575"),
            ("%{user | sha1(rounds=1000,salt='world')}", "a314ec3ef5103223a4c5bd285dbe4ea5534d4334"),
            ("%{user | hash('sha1')}", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"),
            ("%{literal('1724925643') | hex}", "66d046cb"), ("%{literal('68656c6c6f') | unhexlify | text}", "hello"),
            ("%{literal('68656c6c6f') | unhexlify}", "68656c6c6f"), ("%{local_port | hexlify(4)}", "0033"),
            ("%{local_port | hex | unhex}", "3"), ("%{literal('1727121943') | hex | unhex}", "1727121943"),
            ("%{local_port | hex(2)}", "03"), ("%{literal('1727121943') | hex(2)}", "17"),
            ("%{literal('1727121943') | hex(-2)}", "66"), ("%{literal('1727121943') | hex }", "66f1ca17"),
            ("%{user | base64}", "aGVsbG8="), ("%{user | base64 | unbase64 | text}", "hello"),
            ("%{user | base64(pad=0)}", "aGVsbG8"), ("%{literal('<<???>>') | base64(url=1)}", "PDw_Pz8-Pg=="),
            ("%{literal('<<???>>') | base64(pad=0,url=1)}", "PDw_Pz8-Pg"), ("%{user | truncate(3)}", "hel"),
            ("%{user | truncate(local_port)}", "hel"), ("%{user | truncate(bits=7)}", "4"),
            ("cn=%{user},ou=%{literal('test.dovecot.org') | ldap_dn}", "cn=hello,ou=test,dc=dovecot,dc=org"),
            ("%{literal('one\\ttwo\\tthree') | list(',')}", "one,two,three"), ("%{literal('1') | rfill(3)}", "100"),
            ("%{literal('1') | lfill(3)}", "001"), ("%{literal('1') | lfill(3, ' ')}", "  1"),
            ("%{user | md5 | hexlify(8)}", "5d41402a"), ("%{user | md5 | substr(4,4) }", "bc4b2a76"),
            ("%{user | md5 | substr(0,8) % 256 | hex}", "76"), ("%{user | md5 | substr(0,8) % 30 | hex }", "c"),
            ("%{user | md5 % 256 | hex}", "92"), ("%{user | sha512 % 256 | hex }", "43"), ("%{user | md5 % 30 | hex }", "16"),
            ("%{user | md5 % 30 | hex(4) }", "0016"), ("%{user | md5 % 30 | hex(-4) }", "1600"),
            ("%{literal('1') + 1}", "2"), ("%{local_port * 10}", "30"), ("%{local_port % 5}", "3"),
            ("%{literal('10') / 2}", "5"), ("%{literal('31') | unhexlify | text * 5}", "5"),
            ("%{literal('31') | unhex * 5}", "245"), ("%{local_port - passdb:one}", "2"),
            ("%{literal('\\110\\145\\154\\154\\157')}", "Hello"), ("%{literal('\\x20\\x21')}", " !"),
            ("%{literal('\\\\x20')}", "\\x20"), ("%{literal(\"\\\"\\\\hello\\\\world\\\"\")}", "\"\\hello\\world\""),
            ("%{env:FOO}%{passdb:one}%{userdb:none}", "bar1"), ("%{}", ""),
        ])
    func filters(template: String, expected: String) throws {
        #expect(try expand(template, user: "hello") == expected)
    }

    @Test(
        "Names and their domains",
        arguments: [
            ("index('@',0)", "user"), ("username", "user"), ("domain", "test@domain"), ("domain | domain", "domain"),
            ("index('@',1)", "test"), ("index('@',2)", "domain"), ("index('@',-4) | default('hello')", "hello"),
            ("index('@',-3)", "user"), ("index('@',-2)", "test"), ("index('@',-1)", "domain"),
        ])
    func names(filters: String, expected: String) throws {
        #expect(try expand("%{user | \(filters)}", user: "user@test@domain") == expected)
    }

    @Test("Domains", arguments: [("hello@", "", "hello"), ("@hello", "hello", ""), ("@", "", ""), ("name", "", "name")])
    func domains(user: String, domain: String, name: String) throws {
        #expect(try expand("%{user | domain}", user: user) == domain)
        #expect(try expand("%{user | username}", user: user) == name)
        #expect(try expand("%{user | domain | lower}", user: user) == domain)
    }

    @Test(
        "Conditions",
        arguments: [
            ("%{if(1, '==', 1, 'yes', 'no')}", "yes"), ("%{literal('1') | if('==', 2, 'yes', 'no')}", "no"),
            ("%{literal('1') | if('<', 2, 'yes', 'no')}", "yes"), ("%{literal('1') | if('<=', 1, 'yes', 'no')}", "yes"),
            ("%{literal('1') | if('>', 1, 'yes', 'no')}", "no"), ("%{literal('1') | if('>=', 1, 'yes', 'no')}", "yes"),
            ("%{literal('1') | if('!=', 2, 'yes', 'no')}", "yes"), ("%{if('a', 'eq', 'a', 'yes', 'no')}", "yes"),
            ("%{user | if('eq', 'b', 'yes', 'no')}", "no"), ("%{user | if('lt', 'b', 'yes', 'no')}", "yes"),
            ("%{user | if('le', 'a', 'yes', 'no')}", "yes"), ("%{user | if('gt', 'a', 'yes', 'no')}", "no"),
            ("%{user | if('ge', 'b', 'yes', 'no')}", "no"), ("%{user | if('ne', 'b', 'yes', 'no')}", "yes"),
            ("%{user | if('*', '*a*', 'yes', 'no')}", "yes"), ("%{user | if('*', '*b*', 'yes', 'no')}", "no"),
            ("%{user | if('!*', '*', 'yes', 'no')}", "no"), ("%{user | if('eq', user, protocol, 'no')}", "smtp"),
            ("%{user | if('eq', 'a', local_port, passdb:one)}", "3"),
        ])
    func conditions(template: String, expected: String) throws {
        #expect(try expand(template, user: "a") == expected)
    }

    @Test(
        "A percent sign without a brace is itself",
        arguments: [
            ("%%{user}", "%{user}"), ("%Lu", "%Lu"), ("%%Lu", "%%Lu"), ("%%", "%%"), ("%", "%"),
            ("%%-%%{user}-%%{user}", "%%-%{user}-%{user}"),
        ])
    func percent(template: String, expected: String) throws {
        #expect(try expand(template, user: "hello") == expected)
    }

    @Test(
        "What fails with this login has no text, unless default saves it",
        arguments: [
            "substr(6)", "substr(-6)", "substr(1, 5)", "substr(1, -5)", "substr(-1, 5)", "substr(5, 1)", "index('@',3)",
            "hex", "unhex", "unhexlify", "truncate(user)", "lenumber", "unbase64", "if('==', 1, 'a', 'b')",
        ])
    func failures(filter: String) throws {
        #expect(throws: VariableTemplate.Failure.self) { try expand("%{user | \(filter)}", user: "hello") }
        #expect(throws: VariableTemplate.Failure.self) { try expand("%{user | \(filter) | lower}", user: "hello") }
        #expect(try expand("%{user | \(filter) | default('x')}", user: "hello") == "x")
    }

    @Test(
        "Filters that get no value, and sums without a result, fail",
        arguments: ["%{reverse}", "%{truncate(3)}", "%{substr(0,0)}", "%{local_port / 0}", "%{local_port % 0}",
                    "%{literal('9223372036854775807') + 1}", "%{user - 1}"])
    func nothing(template: String) {
        #expect(throws: VariableTemplate.Failure.self) { try expand(template, user: "hello") }
    }

    @Test(
        "What can't be expanded for anybody is refused",
        arguments: [
            ("%{missing}", "there is no variable or filter \"missing\""), ("%{user | nothing}", "there is no filter \"nothing\""),
            ("%{user", "%{ has no }"), ("%{user |}", "a filter is missing behind |"),
            ("%{user | substr}", "substr needs a position"), ("%{user | md5(fail=1)}", "md5 has no fail="),
            ("%{user | base64(0)}", "base64 takes less than that"), ("%{user | username(0)}", "username takes less than that"),
            ("%{user | concat}", "concat needs a text"), ("%{if(1, '', 1, 'yes', 'no')}", "if has no comparison \"\""),
            ("%{if(missing, '==', 1, 'yes', 'no')}", "there is no variable \"missing\" here"),
            ("%{user | if('~', 'a', 'b', 'c')}",
             "Gatepost has no regular expressions in if; use * with * and ? in the pattern"),
            ("%{user | regexp('a', 'b')}", "Gatepost has no filter regexp; use index, username, domain or if"),
            ("%{user | hash('sha3-256')}", "Gatepost has no hash \"sha3-256\""),
            ("%{password}", "%{password} is not here because the password would be copied to where it is not wiped"),
            ("%{date:year}", "%{date:year} is not here: of the names with : there are passdb, userdb, env, system:hostname"),
            ("%{literal('\\z')}", "a backslash in quotes needs \\, \", ', t, r, n or a number"),
            ("%{literal('x)}", "a quote ' has no end"), ("%{user & 1}", "\"&\" can't stand in %{}"),
        ])
    func refused(template: String, reason: String) {
        let fault = #expect(throws: VariableTemplate.Fault.self) { try expand(template, user: "x") }
        #expect(fault?.description == "\"\(template)\": \(reason)")
    }

    @Test("The usual template is the same in both languages, and known as such")
    func usual() throws {
        #expect(try VariableTemplate(parsing: "%Lu", syntax: .dovecot23) == .lowerCaseUser)
        #expect(try VariableTemplate(parsing: "%{user | lower}", syntax: .dovecot24) == .lowerCaseUser)
    }
}
