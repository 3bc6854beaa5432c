import Glibc
import Testing

extension RealPeers {
    @Suite(
        "Where memory is short", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: ServerKind.current == .gatepost, "our own process"),
        .enabled(if: Requirement.hasServer, "needs the auth server (make test)"))
    struct MemoryTests {
        @Test("A passwd-file that there is no memory for costs nobody a login, at a change or a reload, and is named in the log")
        func hugeFile() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            try place.write("alice:{PLAIN}wonderland\n", to: "people")
            let people = "\(place.path)/people"
            let settings = ServerUnderTest.Settings(socket: "\(place.path)/auth", users: people)
            let server = try ServerUnderTest(settings)
            defer { server.stop() }
            let auth = try AuthConversation(server.socket)
            #expect(try auth.logIn(1, .alice) == "OK\t1\tuser=alice")

            // 1.5 GiB are left for a file of 2 GiB, of which only the first page is on the disk: enough for whatever malloc
            // sets aside for each thread.
            let process = try RunningProcess(listeningOn: server.socket)
            let statm = TextFile.read("/proc/\(process.pid)/statm")?.split(separator: " ").first
            let pages = try #require(statm.flatMap { Int($0) })
            let limit = pages * 4096 + 1536 << 20
            #expect(try ChildProcess.run(["prlimit", "--pid", "\(process.pid)", "--as=\(limit)"]).succeeded)
            try place.write("bob:{PLAIN}build it\n", to: "huge")
            #expect(try ChildProcess.run(["truncate", "--size=2G", "\(place.path)/huge"]).succeeded)
            #expect(unsafe rename("\(place.path)/huge", people) == 0)
            for id in 2...4 { #expect(try auth.logIn(id, .alice) == "OK\t\(id)\tuser=alice") }
            let told = "passwd-file: there is no memory for the \(2 << 30) bytes of \(people) and their index"
            #expect(server.log.split(separator: "\n").count { $0.contains(told) } == 1, "\(server.log)")

            try server.reload(settings)
            let isRefused = Patience.wait(for: .seconds(10)) { server.log.contains("the old one stays in force") }
            #expect(isRefused, "\(server.log)")
            #expect(try auth.logIn(5, .alice) == "OK\t5\tuser=alice")

            try place.write("bob:{PLAIN}build it\n", to: "small")
            #expect(unsafe rename("\(place.path)/small", people) == 0)
            let newcomer = try auth.logIn(6, .bob)
            #expect(newcomer == "OK\t6\tuser=bob", "\(newcomer ?? "closed")\n\(server.log)")
            #expect(try auth.logIn(7, .alice) == "FAIL\t7\tuser=alice")
        }

        @Test("Users of a large passwd-file log in, and strangers don't, from the first moment on")
        func largeFile() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            // 20 MB, of which more is read when the first of them log in.
            let others = (0..<200_000).map {
                "user\($0)@example.com:{SSHA256}AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:1000:1000::/home\n"
            }.joined()
            try place.write("alice:{PLAIN}wonderland\n\(others)alice:{PLAIN}build it\nbob:{PLAIN}build it", to: "people")
            let people = "\(place.path)/people"
            // A file that was changed just now might be changed again without a trace.
            usleep(3_100_000)
            let server = try ServerUnderTest(.init(socket: "\(place.path)/auth", users: people))
            defer { server.stop() }
            let auth = try AuthConversation(server.socket)
            #expect(try auth.logIn(1, .bob) == "OK\t1\tuser=bob")
            #expect(try auth.logIn(2, .alice) == "OK\t2\tuser=alice")
            #expect(try auth.logIn(3, .init(user: "user7@example.com", password: "x")) == "FAIL\t3\tuser=user7@example.com")
            #expect(try auth.logIn(4, .init(user: "carol", password: "x")) == "FAIL\t4\tuser=carol")
            #expect(try auth.logIn(5, .bob) == "OK\t5\tuser=bob")
            try place.write("alice:{PLAIN}wonderland\nbob:{PLAIN}other\n\(others)", to: "changed")
            #expect(unsafe rename("\(place.path)/changed", people) == 0)
            #expect(try auth.logIn(6, .init(user: "bob", password: "other")) == "OK\t6\tuser=bob")
            #expect(try auth.logIn(7, .alice) == "OK\t7\tuser=alice")
        }

        @Test(
            "That the login cache's key can't be kept out of swap is told with the remedy, and only then",
            .enabled(if: Requirement.isRoot, "needs root, who may lock memory"), arguments: [true, false])
        func lockedMemory(mayNotLock: Bool) throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            var settings = ServerUnderTest.Settings(socket: "\(place.path)/auth")
            settings.more = "gatepost_login_cache_ttl = 1 hour\n"
            settings.mayNotLockMemory = mayNotLock
            let server = try ServerUnderTest(settings)
            defer { server.stop() }
            #expect(try AuthConversation(server.socket).logIn(1, .alice) == "OK\t1\tuser=alice")
            let told = "Warning: gatepost_login_cache_ttl: the key of remembered logins can't be kept out of swap"
            #expect(server.log.contains(told) == mayNotLock, "\(server.log)")
            #expect(server.log.contains("set LimitMEMLOCK=64K in the service's unit") == mayNotLock)
        }
    }
}
