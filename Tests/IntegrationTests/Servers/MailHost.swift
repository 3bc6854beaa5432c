import Testing

/// A Postfix with its auth server: the machine that a suite's mail programs log in to.
struct MailHost: Sendable {
    let postfix: PostfixInstance
    let server: ServerUnderTest

    @TaskLocal private static var running: MailHost?

    /// The machine that the suite's `mailHost` trait has started.
    static var current: MailHost {
        get throws {
            guard let running else { throw Failure("the suite has no .mailHost trait") }
            return running
        }
    }

    /// Runs the body on a fresh machine, whose auth socket lies where the guides put it: in Postfix's own queue.
    static func run<Result: Sendable>(
        _ postfix: PostfixInstance.Settings = .init(), mechanisms: String = "plain login", users: String? = nil,
        failureDelay: String = "0",
        _ body: @Sendable (MailHost) async throws -> Result
    ) async throws -> Result {
        let directory = try PostfixInstance.prepare(postfix)
        let server: ServerUnderTest
        do {
            server = try ServerUnderTest(
                .init(
                    socket: "\(directory.path)/queue/private/auth", access: .postfix, users: users,
                    mechanisms: mechanisms, failureDelay: failureDelay))
        } catch {
            PostfixInstance.discard(directory)
            throw error
        }
        defer { server.stop() }
        let instance = try PostfixInstance(in: directory, postfix)
        defer { instance.stop() }
        return try await body(MailHost(postfix: instance, server: server))
    }

    /// One machine for all tests of a suite.
    struct Trait: SuiteTrait, TestScoping {
        let settings: PostfixInstance.Settings
        let mechanisms: String
        /// The text of the passwd-file; nil for the demo users.
        let users: String?

        @concurrent func provideScope(
            for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
        ) async throws {
            let place = try TemporaryDirectory()
            defer { place.remove() }
            if let users { try place.write(users, to: "users") }
            try await MailHost.run(
                settings, mechanisms: mechanisms, users: users == nil ? nil : "\(place.path)/users"
            ) { host in
                try await MailHost.$running.withValue(host) { try await function() }
            }
        }
    }
}

extension Testing.Trait where Self == MailHost.Trait {
    static func mailHost(
        form: String = "guide", chroot: String = "n", processes: Int = 100, mechanisms: String = "plain login",
        users: String? = nil
    ) -> Self {
        MailHost.Trait(
            settings: .init(form: form, chroot: chroot, processes: processes), mechanisms: mechanisms, users: users)
    }
}
