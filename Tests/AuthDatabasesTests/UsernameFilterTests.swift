import AuthDatabases
import Testing

@Suite("username_filter")
struct UsernameFilterTests {
    // The first two rows of patterns are those of Tests/Recordings, `3-selection: username_filter`.
    @Test(
        "A name comes in by any pattern and stays out by any behind !",
        arguments: [
            (["a*", "!*e"], ["a": true, "anna": true, "alice": false, "bob": false, "": false]),
            (["!anna", "b?b", "*@x"], ["bob": true, "c@x": true, "boob": false, "bbob": false, "anna": false]),
            (["!*@example.com"], ["a@example.com": false, "a@example.org": true, "": true]),
            (["!a", "!b"], ["a": false, "b": false, "c": true, "ab": true]),
            ([], ["": true, "anybody": true]), (["*"], ["": true, "x@y": true]), (["!*"], ["": false, "x": false]),
            (["?"], ["": false, "a": true, "ab": false]), (["**b*"], ["b": true, "abc": true, "ac": false]),
            (["a*b*c"], ["abc": true, "abcbc": true, "acb": false, "aXbYc": true, "ab": false]),
            (["Alice"], ["alice": false, "Alice": true]), (["a.c"], ["abc": false, "a.c": true]),
            (["!"], ["": false, "a": true]),
        ])
    func admits(patterns: [String], names: [String: Bool]) {
        let filter = UsernameFilter(patterns)
        for (name, isAdmitted) in names { #expect(filter.admits(name) == isAdmitted, "\(name)") }
        #expect(filter.isEmpty == patterns.isEmpty)
    }

    @Test("A pattern full of stars takes no longer for a name that almost fits", .timeLimit(.minutes(1)))
    func manyStars() {
        let filter = UsernameFilter([String(repeating: "a*", count: 400) + "b"])
        #expect(!filter.admits(String(repeating: "a", count: 1024)))
    }
}
