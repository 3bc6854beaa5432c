import DovecotAuthProtocol
import Secrets
import Testing

@testable import AuthEngine

@Suite("The log of logins")
struct LoginLogTests {
    private func line(_ text: String) -> LogLine { LogLine(.info, text) }

    // What fail2ban-regex of Debian 12 said to these lines of Dovecot 2.3.19.1.
    @Test("It is known which of Dovecot's lines Debian's fail2ban filter takes for a failed login", arguments: [
        ("passwd-file(alice,192.0.2.7,<abc>): unknown user", true),
        ("passwd-file(alice,192.0.2.7,<abc>): Password mismatch", true),
        ("passwd-file(alice,192.0.2.7): Password mismatch (given password: x) - trying the next passdb", true),
        ("static(alice,2001:db8::5): Password mismatch", true),
        ("passwd-file(nets,192.0.2.7,<abc>): allow_nets check failed: IP 192.0.2.7 not in allowed networks", false),
        ("passwd-file(bad,192.0.2.7,<abc>): Unknown scheme FOO", false),
        ("User found from deny passdb", false), ("plain(?,192.0.2.7,<abc>): Empty username", false),
        ("plain(?,192.0.2.7,<abc>): invalid input", false),
        ("cram-md5(alice,192.0.2.7,<abc>): Password mismatch", false),
        ("scram-sha-256(alice,192.0.2.7,<abc>): Password mismatch", false),
        ("Attempted login with password having illegal chars", false),
        ("anonymous(trace me,192.0.2.7,<abc>): login", false), ("", false), ("(a): unknown user", false),
    ])
    func filter(text: String, isFailure: Bool) {
        #expect(LoginLog.isFailure(line(text)) == isFailure)
    }

    @Test("A failed login whose own line the filter overlooks gets one that it knows, once, after its own", arguments: [
        // printf '\0\0secret', 'alice' | base64
        ("PLAIN\tservice=smtp\trip=192.0.2.7\tsession=abc\tresp=AABzZWNyZXQ=", "plain(?,192.0.2.7,<abc>): Empty username"),
        ("plain\tservice=smtp\trip=192.0.2.7\tresp=YWxpY2U=", "plain(?,192.0.2.7): invalid input"),
        ("PLAIN\tservice=smtp\trip=192.0.2.7\tresp=!", "plain(?,192.0.2.7): Invalid base64 data in initial response"),
    ])
    func secondLine(request: String, own: String) throws {
        var connection = try ConnectionUnderTest { $0.failureDelay = .zero }
        _ = connection.send("AUTH\t1\t\(request)")
        let log = connection.log().map(\.text)
        let place = own.prefix { $0 != ":" }.drop { $0 != "(" }
        #expect(log == [own, "sasl\(place): Invalid credentials (method=PLAIN)"])
    }

    @Test("None is written for what the filter knows, without an address, or without auth_verbose")
    func noSecondLine() throws {
        var connection = try ConnectionUnderTest { $0.failureDelay = .zero }
        let check = connection.send("AUTH\t1\tPLAIN\tservice=smtp\trip=192.0.2.7\tresp=\(String.alicePlain)")
        let mismatch = LogLine(.info, "passwd-file(alice,192.0.2.7): Password mismatch")
        _ = connection.answer(check, LoginVerdict(.wrongPassword, log: [mismatch]))
        #expect(connection.log() == [mismatch])
        _ = connection.send("AUTH\t2\tPLAIN\tservice=smtp\tresp=!")
        #expect(connection.log().count == 1)
        var silent = try ConnectionUnderTest { $0.isVerbose = false }
        _ = silent.send("AUTH\t1\tPLAIN\tservice=smtp\trip=192.0.2.7\tresp=!")
        #expect(silent.log().isEmpty)
    }

    @Test("A condition that only the databases know gets the second line, a success and an internal failure don't")
    func conditions() throws {
        let nets = LogLine(.info, "passwd-file(alice,192.0.2.7): allow_nets check failed: IP 192.0.2.7 not in allowed networks")
        for (verdict, count) in [
            (LoginVerdict(.wrongPassword, log: [nets]), 2), (LoginVerdict(.success(user: "alice")), 0),
            (LoginVerdict(.temporaryFailure, log: [nets]), 1),
        ] {
            var connection = try ConnectionUnderTest { $0.failureDelay = .zero }
            let check = connection.send("AUTH\t1\tPLAIN\tservice=smtp\trip=192.0.2.7\tresp=\(String.alicePlain)")
            _ = connection.answer(check, verdict)
            let log = connection.log()
            #expect(log.count == count)
            if count == 2 { #expect(log[1].text == "sasl(alice,192.0.2.7): Invalid credentials (method=PLAIN)") }
        }
    }

    @Test("No name can pretend to be an address, an end or a line of its own", arguments: [
        ("a,198.51.100.1", "a?198.51.100.1"), ("a): Password mismatch", "a?:?Password?mismatch"), ("a b\u{a0}c", "a?b?c"),
        ("<x>", "?x?"), ("a\nb", "a?b"), ("jörg@example.org", "jörg@example.org"),
    ])
    func names(name: String, shown: String) {
        var request = AuthenticationRequest(id: 1, mechanism: "PLAIN", service: "smtp")
        request.remoteAddress = "192.0.2.7"
        let line = LoginLog(request).line(.info, source: "passwd-file", user: name, "Password mismatch")
        #expect(line.text == "passwd-file(\(shown),192.0.2.7): Password mismatch")
    }

    // Recorded from Dovecot 2.3.19.1 with auth_verbose_passwords = plain, sha1, plain:3 and sha1:6.
    @Test("Passwords are shown in Dovecot's words", arguments: [
        (PasswordLogging.Form.nothing, nil, "wrongpw", ""),
        (.plain, nil, "wrongpw", " (given password: wrongpw)"), (.plain, 3, "wrongpw", " (given password: wro)"),
        (.plain, nil, "", " (given password: )"),
        (.sha1, nil, "wrongpw", " (SHA1 of given password: 911596e64143c2b4395a458d71d9158cdd1689fa)"),
        (.sha1, nil, "", " (SHA1 of given password: da39a3ee5e6b4b0d3255bfef95601890afd80709)"),
        (.sha1, 6, "wrongpw", " (SHA1 of given password: 911596)"),
    ] as [(PasswordLogging.Form, Int?, String, String)])
    func passwords(form: PasswordLogging.Form, length: Int?, password: String, text: String) {
        let logging = PasswordLogging(form, length: length)
        #expect(logging.text(Secret(copying: Array(password.utf8).span)) == text)
    }

    @Test("A password makes no lines of its own, and no long ones")
    func hostilePasswords() {
        let hostile = PasswordLogging(.plain).text(Secret(copying: Array("a\u{1b}[2Jb\u{2028}c".utf8).span))
        #expect(hostile == " (given password: a?[2Jb?c)")
        let long = PasswordLogging(.plain).text(Secret(copying: [UInt8](repeating: 0x61, count: 9000).span))
        #expect(long.utf8.count < 1100)
    }

    @Test("Passwords of failed logins are logged without auth_verbose, and say whether another database follows")
    func chain() async throws {
        let bench = Bench(
            [Users("first", ["alice": "{PLAIN}other"]), Users("second", [:])], isVerbose: false,
            passwordLogging: PasswordLogging(.plain))
        defer { bench.end() }
        let failed = try await bench.verdict("wrong")
        #expect(
            failed.log.map(\.text) == [
                "first(alice): Password mismatch (given password: wrong) - trying the next passdb",
                "second(alice): unknown user (given password: wrong)",
            ])
        #expect(try await bench.verdict("other").log.isEmpty)
    }
}
