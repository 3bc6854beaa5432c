import Glibc
import Testing

/// What `make run` and `make test` say on machines that lack something. The machine is played by programs in a
/// directory of the test's own, which is the whole `PATH`.
@Suite("The scripts on a machine that lacks something")
final class ScriptTests {
    let place: TemporaryDirectory

    init() throws {
        place = try TemporaryDirectory()
        for tool in ["bash", "dirname", "head", "rm", "sed", "sort"] {
            // Both strings are converted to C's form for the time of the call.
            try #require(unsafe symlink("/usr/bin/\(tool)", "\(place.path)/\(tool)") == 0)
        }
        try fake("id", "echo 1000")
        try fake("apt-get", "echo called >>\(place.path)/apt-get.log")
        try packages(missing: [])
    }

    deinit { place.remove() }

    private func fake(_ program: String, _ script: String) throws {
        try place.write("#!/bin/bash\n\(script)\n", to: program, mode: 0o755)
    }

    /// Plays dpkg's list of what is installed.
    private func packages(missing: [String]) throws {
        let cases = missing.map { "*\" \($0) \"*) exit 1 ;;" }.joined(separator: " ")
        try fake("dpkg-query", "case \" $* \" in \(cases) esac; echo -n installed")
    }

    private func swift(_ version: String) throws {
        try fake("swift", "echo 'Swift version \(version) (swift-\(version)-RELEASE)'")
    }

    private func run(_ script: String, _ arguments: String...) throws -> ChildProcess.Outcome {
        try ChildProcess.run(
            ["/bin/bash", "\(Places.repository)/Scripts/\(script)"] + arguments, environment: ["PATH=\(place.path)"])
    }

    @Test("Without Swift, or with one that is too old or is no Swift, it is said which is needed and where it is", arguments: [
        (nil, "there is no 'swift'"), ("echo 'Swift version 6.1.2 (swift-6.1.2-RELEASE)'", "is 6.1.2"),
        ("echo 'Swift 2.1: a taxi company'", "does not answer as a Swift compiler"), ("exit 3", "does not answer as a Swift compiler"),
    ])
    func noSwift(swift: String?, complaint: String) throws {
        if let swift { try fake("swift", swift) }
        let outcome = try run("require-swift")
        #expect(outcome.exit == .code(1))
        #expect(outcome.errors.contains(complaint), "\(outcome)")
        #expect(outcome.errors.contains("https://www.swift.org/install/linux/"))
    }

    @Test("A Swift that lacks a library is quoted, and the packages that it needs are named")
    func lackingLibraries() throws {
        let complaint = "swift: error while loading shared libraries: libncurses.so.6: cannot open shared object file"
        try fake("swift", "echo '\(complaint)' >&2; exit 127")
        try packages(missing: ["libncurses-dev", "libxml2-dev"])
        let outcome = try run("require-swift")
        #expect(outcome.exit == .code(1))
        #expect("\(outcome)".contains(complaint), "\(outcome)")
        #expect(outcome.errors.contains("apt-get install libncurses-dev libxml2-dev\n"), "\(outcome)")
    }

    @Test("A Swift that lacks a linker has it installed, for it is not enough that it says its version")
    func lackingLinker() throws {
        try swift("6.2")
        try packages(missing: ["g++"])
        let outcome = try run("require-swift")
        #expect(outcome.exit == .code(1))
        #expect(outcome.errors.contains("apt-get install g++\n"), "\(outcome)")
    }

    @Test("A Swift that is new enough will do", arguments: ["6.2", "6.10.1", "7.0"])
    func newEnough(version: String) throws {
        try swift(version)
        try fake("ld", "exit 0")
        let outcome = try run("require-swift")
        #expect(outcome.succeeded, "\(outcome)")
        #expect(outcome.output.hasPrefix("Swift: \(version)\n"))
    }

    @Test("What is there is not installed again")
    func allThere() throws {
        let outcome = try run("install-packages", "postfix", "swaks")
        #expect(outcome.succeeded)
        #expect(outcome.output == "Packages: all there (postfix swaks)\n")
        #expect(!Places.exists("\(place.path)/apt-get.log"))
    }

    @Test("Without root and sudo the missing packages are named, those and no others")
    func neitherRootNorSudo() throws {
        try packages(missing: ["postfix", "gsasl"])
        let outcome = try run("install-packages", "postfix", "swaks", "gsasl")
        #expect(outcome.exit == .code(1))
        #expect(
            outcome.errors == """
                Missing packages: postfix gsasl
                You are not root and there is no sudo. Let root run: apt-get install postfix gsasl

                """)
        #expect(!Places.exists("\(place.path)/apt-get.log"))
    }

    @Test("With sudo it is root who installs them")
    func sudo() throws {
        try packages(missing: ["gsasl"])
        try fake("sudo", #"echo "as root: $*""#)
        let outcome = try run("install-packages", "swaks", "gsasl")
        #expect(outcome.succeeded)
        #expect(outcome.output.hasSuffix("as root: \(Places.repository)/Scripts/install-packages swaks gsasl\n"), "\(outcome)")
    }

    @Test("Where there is no apt-get the packages are named as Debian names them")
    func noAptGet() throws {
        try packages(missing: ["gsasl"])
        // The string is converted to C's form for the time of the call.
        unsafe unlink("\(place.path)/apt-get")
        let outcome = try run("install-packages", "gsasl")
        #expect(outcome.exit == .code(1))
        #expect(outcome.errors.contains("Missing: gsasl. There is no apt-get here"), "\(outcome)")
    }
}
