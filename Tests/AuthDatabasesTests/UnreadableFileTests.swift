import Glibc
import Testing

@testable import AuthDatabases

@Suite("What is said of a passwd-file that may not be read")
struct UnreadableFileTests {
    @Test("The account that has to be let in is named, as id(1) does")
    func account() throws {
        // The pointer is to static memory, read at once.
        let name = try #require(unsafe getpwuid(geteuid()).map { unsafe String(cString: $0.pointee.pw_name) })
        let words = "open(/a) failed: Permission denied; let user \(name) (id \(geteuid())), which this process runs as, "
        #expect(DatabaseFailure(opening: "/a", EACCES, asking: true).description.hasPrefix(words))
        // An event loop says what was found out before.
        #expect(DatabaseFailure(opening: "/a", EACCES).description.hasPrefix(words))
    }
}
