import Testing

extension RealPeers {
    /// Runs against Dovecot itself as well (GATEPOST_TEST_SERVER=dovecot): the tool must not see a difference.
    @Suite(
        "doveadm of Dovecot 2.3.19 on userdb and master sockets", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunServer && Requirement.hasDoveadm, "needs doveadm and the auth server (make test)"))
    struct DoveadmTests {
        private struct Users {
            let place: TemporaryDirectory
            let server: ServerUnderTest

            init() throws {
                place = try TemporaryDirectory()
                try place.write(
                    """
                    alice:{PLAIN}wonderland:1000:1001::/home/alice
                    bob:{PLAIN}builder:1002:1002::/home/bob::userdb_quota_rule=*:storage=1G host=mail.example
                    carol:{PLAIN}sea:1003:1003::/home/carol::allow_nets=192.0.2.0/24

                    """, to: "people")
                let more = """
                    userdb {
                      driver = passwd-file
                      args = username_format=%u \(place.path)/people
                    }
                    service auth {
                      unix_listener \(place.path)/x-userdb {
                        mode = 0600
                      }
                      unix_listener \(place.path)/x-master {
                        mode = 0600
                      }
                    }

                    """
                server = try ServerUnderTest(
                    .init(socket: "\(place.path)/auth", users: "\(place.path)/people", more: more))
                try TextFile.write("protocols =\nssl = no\nlog_path = /dev/stderr\n", to: "\(place.path)/doveadm.conf")
            }

            func stop() {
                server.stop()
                place.remove()
            }

            func doveadm(_ words: String...) throws -> ChildProcess.Outcome {
                try ChildProcess.run(["doveadm", "-c", "\(place.path)/doveadm.conf"] + words)
            }
        }

        @Test("doveadm user", arguments: ["x-userdb", "x-master"])
        func user(_ socket: String) throws {
            let users = try Users()
            defer { users.stop() }
            let path = "\(users.place.path)/\(socket)"
            let bob = try users.doveadm("user", "-a", path, "bob")
            #expect(bob.output == "field\tvalue\nuid\t1002\ngid\t1002\nhome\t/home/bob\nmail\t\nquota_rule\t*:storage=1G\n", "\(bob)")
            #expect(try users.doveadm("user", "-a", path, "nobody-here").exit == .code(67))
            #expect(try users.doveadm("user", "-a", path, "*").output == "alice\nbob\ncarol\n")
            #expect(try users.doveadm("user", "-a", path, "?o*", "*l*").output == "alice\nbob\ncarol\n")
            #expect(try users.doveadm("user", "-a", path, "a*").output == "alice\n")
            #expect(try users.doveadm("user", "-a", path, "-f", "home", "alice").output == "/home/alice\n")
        }

        @Test("doveadm auth lookup, test and cache flush")
        func auth() throws {
            let users = try Users()
            defer { users.stop() }
            let place = users.place.path
            let bob = try users.doveadm("auth", "lookup", "-a", "\(place)/x-userdb", "bob")
            #expect(bob.succeeded, "\(bob)")
            #expect(bob.output.contains("passdb: bob") && bob.output.contains("host") && !bob.output.contains("builder"), "\(bob)")
            #expect(!(try users.doveadm("auth", "lookup", "-a", "\(place)/x-userdb", "nobody-here").succeeded))
            let near = try users.doveadm("auth", "lookup", "-a", "\(place)/x-master", "-x", "rip=192.0.2.7", "carol")
            #expect(near.succeeded, "\(near)")
            #expect(!(try users.doveadm("auth", "lookup", "-a", "\(place)/x-master", "-x", "rip=198.51.100.1", "carol").succeeded))
            let test = try users.doveadm("auth", "test", "-a", "\(place)/auth", "alice", "wonderland")
            #expect(test.output.contains("passdb: alice auth succeeded"), "\(test)")
            let wrong = try users.doveadm("auth", "test", "-a", "\(place)/auth", "alice", "wrong")
            #expect(wrong.exit == .code(77) && (wrong.output + wrong.errors).contains("auth failed"), "\(wrong)")
            let flush = try users.doveadm("auth", "cache", "flush", "-a", "\(place)/x-master")
            #expect(flush.succeeded && (flush.output + flush.errors).contains("0 cache entries flushed"), "\(flush)")
        }
    }

    @Suite(
        "Userdb, master and login sockets, compared with a recording of Dovecot 2.3.19", .serialized,
        .timeLimit(.minutes(5)),
        .enabled(if: Requirement.canRunServer && Requirement.isRoot, "needs root and the auth server (make test)"))
    struct MasterRecordingTests {
        @Test("Every answer is Dovecot's, but for the differences that are listed with their reasons")
        func answers() throws {
            let recordings = "\(Places.repository)/Tests/Recordings"
            let place = try TemporaryDirectory()
            defer { place.remove() }
            let outcome = try ChildProcess.run(
                [
                    "python3", "\(recordings)/record-masters", "-o", place.path,
                    "\(recordings)/masters/dovecot-2.3.19.1.txt", ServerKind.current.rawValue,
                ], environment: ["GATEPOST_BINARY=\(Places.gatepost)"], within: .seconds(240))
            switch ServerKind.current {
            case .gatepost: #expect(outcome.succeeded, "\(outcome)")
            case .dovecot: #expect(outcome.output.contains(" cases alike, 0 different "), "\(outcome)")
            }
        }
    }
}
