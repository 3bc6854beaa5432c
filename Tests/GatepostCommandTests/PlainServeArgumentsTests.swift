import ArgumentParser
import Testing

@testable import gatepost

@Suite("gatepost serve, read without ArgumentParser")
struct PlainServeArgumentsTests {
    @Test(
        "What service units write is read, and means what ArgumentParser takes it for",
        arguments: [
            "serve", "serve -c /etc/a.conf", "serve --config a.conf", "serve --log-level debug",
            "serve -c a --log-level warning", "serve --log-level x --config b",
        ])
    func plain(line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let plain = try #require(PlainServeArguments(["gatepost"] + words))
        let command = try #require(try Gatepost.parseAsRoot(words) as? ServeCommand)
        #expect(plain.configuration == command.file.config)
        #expect(plain.logLevel == command.logLevel)
    }

    @Test(
        "Everything else is left to ArgumentParser",
        arguments: [
            "", "config", "--version", "serve --help", "serve -c", "serve -h", "serve -c -x", "serve -c a -c b", "serve x",
            "serve -c a b", "serve --config=a", "serve -ca", "serve --log-level", "serve --log-level -1", "config -c a",
            "serve --nonsense a", "serve -c a --config b", "-c a serve",
        ])
    func other(line: String) {
        #expect(PlainServeArguments(["gatepost"] + line.split(separator: " ").map(String.init)) == nil)
    }

    @Test("An empty value, and no arguments at all, are left to it, too")
    func empty() {
        #expect(PlainServeArguments(["gatepost", "serve", "-c", ""]) == nil)
        #expect(PlainServeArguments([]) == nil)
    }
}
