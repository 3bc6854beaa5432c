import Testing

extension RealPeers {
    @Suite(
        "The systemd unit", .serialized, .timeLimit(.minutes(1)),
        .enabled(if: ServerKind.current == .gatepost && Requirement.hasServer, "needs the auth server (make test)"))
    struct SystemdUnitTests {
        private static let path = "\(Places.repository)/Packaging/systemd/gatepost.service"

        private func unit() throws -> String { try #require(TextFile.read(Self.path)) }

        private func value(_ key: String) throws -> Substring {
            let line = try unit().split(separator: "\n").first { $0.hasPrefix(key + "=") }
            return try #require(line).dropFirst(key.count + 1)
        }

        @Test(
            "systemd has nothing to say against it",
            .enabled(if: Places.exists("/usr/bin/systemd-analyze"), "needs systemd-analyze"))
        func verified() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            // It looks for the program, too.
            try place.write(try unit().replacing("/usr/local/sbin/gatepost", with: Places.gatepost), to: "gatepost.service")
            let outcome = try ChildProcess.run(
                ["systemd-analyze", "verify", "--man=no", "\(place.path)/gatepost.service"])
            #expect(outcome.succeeded && outcome.errors.isEmpty, "\(outcome)")
        }

        @Test(
            "What root may still do under it is enough for a socket in Postfix's directory, and for another user",
            .enabled(if: Requirement.isRoot && Requirement.hasPostfix, "needs root, and the user postfix"))
        func capabilities() throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            // As /var/spool/postfix/private is.
            let made = try ChildProcess.run(["install", "-d", "-m", "700", "-o", "postfix", "\(place.path)/private"])
            try #require(made.succeeded, "\(made)")
            var settings = ServerUnderTest.Settings(socket: "\(place.path)/private/auth", access: .postfix)
            settings.capabilities = try value("CapabilityBoundingSet").split(separator: " ").map { name in
                name.dropFirst("CAP_".count).lowercased()
            }
            settings.more = "service auth {\n  user = nobody\n}\n"
            let server = try ServerUnderTest(settings)
            defer { server.stop() }
            #expect(try AuthConversation(server.socket).logIn(1, .alice) == "OK\t1\tuser=alice")
            let owner = try ChildProcess.run(["stat", "-c", "%U %G %a", server.socket])
            #expect(owner.output == "postfix postfix 660\n")
            let status = try #require(TextFile.read("/proc/\(server.processID)/status"))
            let nobody = try ChildProcess.run(["id", "-u", "nobody"]).output.prefix { $0 != "\n" }
            #expect(status.contains("\nUid:\t\(nobody)\t\(nobody)\t\(nobody)\t\(nobody)\n"))
        }
    }
}
