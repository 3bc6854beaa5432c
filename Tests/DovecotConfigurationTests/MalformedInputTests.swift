import DovecotConfiguration
import Testing

@Suite("Malformed files end in errors")
struct MalformedInputTests {
    @Test(
        "with their line",
        arguments: [
            ("service auth {\n", "1: section \"service auth\" is not closed; add a line with \"}\""),
            ("}\n", "1: \"}\" closes nothing here; remove it, or look for a missing \"{\" above"),
            ("auth_debug = y\u{0}es\n", "1: the line holds a NUL byte; remove it"),
            ("auth_debug\n", "1: expected \"=\" or \"{\" after \"auth_debug\": write key = value, or section {"),
            ("= x\n", "1: nothing stands before \"=\"; write key = value"),
            ("{\n}\n", "1: put the section's name before \"{\""),
            ("service auth{\n}\n", "1: put a space before \"{\""),
            ("service a b {\n}\n", "1: expected \"{\" after the section's name; quote a name that holds spaces"),
            ("service \"auth {\n}\n", "1: the quoted section name has no end"),
            ("service auth {\n} # x\n} y\n", "3: put \"}\" on a line of its own"),
            ("service {\n}\n", "1: service needs a name; write service auth {"),
            ("auth_debug = yes \\\n\n",
             "2: the line before ends in \"\\\" but an empty line or comment follows; remove the \"\\\""),
            ("auth_debug = yes \\", "1: the file ends in a line continued with \"\\\"; remove the \"\\\""),
            ("!include nope\n", "1: no file matches \"nope\"; !include_try allows that"),
            ("!include \"d.conf\"\n", "1: no file matches \"\"d.conf\"\"; write the name without quotes"),
            ("!include d.conf\n", "1: /etc/d.conf includes itself; remove this !include"),
        ])
    func lines(text: String, message: String) {
        #expect(errors(in: text).first == "/etc/d.conf:\(message)")
    }

    @Test(
        "of 2.4",
        arguments: [
            ("auth_verbose = \"y\\es\"", "a backslash in quotes needs \" or \\ after it; write \\\\ for one backslash"),
            ("auth_default_domain = <<END\nx", "no line \"END\" ends the value of auth_default_domain"),
            ("\"auth_verbose = yes", "the quoted key has no end"),
            ("log_path = $SET:info_log_path\ninfo_log_path = $SET:log_path",
             "log_path: $SET:log_path refers to itself"),
            ("group @kind name {\n}", "groups of settings are not supported; write the settings out"),
            ("passdb {\n}", "passdb needs a name in Dovecot 2.4; write for example passdb passwd-file {"),
        ])
    func newRules(text: String, message: String) {
        #expect(errors(in: "dovecot_config_version = 2.4.1\n\(text)\n").first == "/etc/d.conf:2: \(message)")
    }

    @Test("A line that is not UTF-8 is an error in our settings and harmless in others'")
    func badEncoding() throws {
        var files = MemoryFiles([:])
        files.files["/etc/d.conf"] = Array("auth_default_realm = ".utf8) + [0xFF, 0xFE, 0x0A]
        #expect(errors(in: files) == ["/etc/d.conf:1: auth_default_realm: the line is not UTF-8"])
        files.files["/etc/d.conf"] = Array("auth_default_realm = a ".utf8) + [0xFF, 0x5C, 0x0A] + Array("b\n".utf8)
        #expect(errors(in: files) == ["/etc/d.conf:2: auth_default_realm: the line is not UTF-8"])
        files.files["/etc/d.conf"] = Array("login_greeting = ".utf8) + [0xE9, 0x0A]
        #expect(errors(in: files) == [])
    }

    @Test("An include loop over several files")
    func loop() {
        let files = MemoryFiles(["/etc/d.conf": "!include a\n", "/etc/a": "!include b\n", "/etc/b": "\n!include a\n"])
        #expect(errors(in: files) == ["/etc/b:2: /etc/a includes itself; remove this !include"])
    }

    @Test("A loop that spells its path differently each time ends at a limit")
    func spelledLoop() {
        struct Endless: ConfigurationFiles {
            func read(_ path: String) throws(FileReadError) -> [UInt8] { Array("!include ./d.conf\n".utf8) }
            func glob(_ pattern: String) -> [String] { [pattern] }
            func environmentVariable(_ name: String) -> String? { nil }
        }
        #expect(throws: ConfigurationErrors.self) {
            try AuthConfiguration.load(path: "/etc/d.conf", files: Endless())
        }
    }

    @Test("Files that include others twice each end at a limit")
    func explosion() {
        var files = MemoryFiles(["/etc/d.conf": "!include f0\n!include f0\n", "/etc/f40": "auth_debug = yes\n"])
        for level in 0..<40 {
            let line = "!include f\(level + 1)\n"
            files.files["/etc/f\(level)"] = Array((line + line).utf8)
        }
        #expect(errors(in: files).contains { $0.contains("too many !include") })
    }

    @Test("10 000 levels of sections")
    func deepNesting() {
        let text = String(repeating: "service auth {\n", count: 10_000)
        let messages = errors(in: text)
        #expect(messages.contains("/etc/d.conf:51: more than 50 sections inside each other"))
        let closed = errors(in: text + String(repeating: "}\n", count: 10_000))
        #expect(closed.contains("/etc/d.conf:51: more than 50 sections inside each other"))
        #expect(!closed.contains { $0.contains("is not closed") || $0.contains("closes nothing") })
    }

    @Test("A line of 1 MB")
    func longLine() throws {
        let long = String(repeating: "x", count: 1 << 20)
        #expect(try load("auth_default_realm = \(long)\n").configuration.defaultRealm.utf8.count == 1 << 20)
        let messages = errors(in: "\(long) = 1\n\(long) {\n}\n\(long)\nauth_debug = \(long)\n")
        #expect(messages.count == 4)
        #expect(messages.allSatisfy { $0.utf8.count < 300 })
    }

    @Test("20 000 unknown names do not take long")
    func manyErrors() {
        let text = (0..<20_000).map { "auth_unknown_setting_\($0) = 1\n" }.joined()
        let clock = ContinuousClock()
        let start = clock.now
        #expect(errors(in: text).count == 20_000)
        #expect(clock.now - start < .seconds(30))
    }

    @Test("A value that doubles itself ends at a limit")
    func doubling() {
        let doubling = "auth_default_realm = $auth_default_realm $auth_default_realm\n"
        let text = "auth_default_realm = x\n" + String(repeating: doubling, count: 40)
        #expect(errors(in: text).first == "/etc/d.conf:17: auth_default_realm: the expanded value is too long")
    }

    @Test("Any bytes at all: no crash, and what loads reads back equal")
    func noise() throws {
        let words = [
            "service", "auth", "{", "}", "\n", "\n", " ", "=", "\"", "'", "\\", "#", "$", "$auth_debug", "passdb", "<",
            "<<END", "auth_mechanisms", "plain", "unix_listener", "/x", "mode", "0660", "driver", "shadow", "!include",
            "!include_try", "d.conf", "*", "dovecot_config_version", "2.4.1",
            "\u{0}", "é", "\t", "\r", "protocol", "local",
        ]
        var state: UInt64 = 42
        for _ in 0..<3000 {
            var text = ""
            for _ in 0..<30 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += words[Int(state >> 33) % words.count]
                if state >> 60 < 10 { text += " " }
            }
            guard let loaded = try? load(text) else { continue }
            let printed = ConfigurationPrinter().text(loaded.configuration)
            #expect(withoutLocations(try load(printed).configuration) == withoutLocations(loaded.configuration))
        }
    }
}
