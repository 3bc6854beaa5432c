internal import Glibc

/// A Dovecot of its own in one directory, with alice and her password; gone when it is let go.
///
/// It is the oracle: what it answers is right unless a transcript says otherwise.
public final class RealDovecot {
    private static let program = "/usr/sbin/dovecot"

    /// Its master has to change users, so only root can run it.
    public static var isAvailable: Bool { unsafe access(program, X_OK) == 0 && getuid() == 0 }
    public static let skipNote = "needs root and Dovecot: apt-get install dovecot-core"

    public struct NotStarted: Error, CustomStringConvertible {
        public let description: String
    }

    public let directory: String
    public var clientSocket: String { directory + "/auth-client" }
    public var userdbSocket: String { directory + "/auth-userdb" }
    private let process: pid_t

    /// - Parameter mechanisms: `auth_mechanisms`.
    public init(mechanisms: String = "plain login") async throws {
        var template = Array("/tmp/gp-dovecot-XXXXXX".utf8CString)
        // mkdtemp writes into the array, which outlives the call.
        guard unsafe mkdtemp(&template) != nil else { throw NotStarted(description: "can't make a directory in /tmp") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Dovecot's own user has to get at the sockets.
        unsafe chmod(directory, 0o755)
        // Not dovecot.conf: Dovecot puts a link of that name into base_dir.
        let configuration = directory + "/private.conf"
        try Self.write(
            """
            base_dir = \(directory)
            state_dir = \(directory)/state
            log_path = \(directory)/log
            protocols =
            ssl = no
            auth_mechanisms = \(mechanisms)
            auth_ssl_username_from_cert = yes
            auth_username_format = %u
            passdb {
              driver = passwd-file
              args = scheme=PLAIN username_format=%u \(directory)/users
            }
            userdb {
              driver = static
              args = uid=65534 gid=65534 home=/nonexistent allow_all_users=no
            }
            service auth {
              unix_listener auth-client {
                mode = 0666
              }
              unix_listener auth-userdb {
                mode = 0666
              }
            }
            service anvil {
              # The penalty would make every test after a failure wait.
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }

            """, to: configuration)
        try Self.write("alice:{PLAIN}wonderland\ncarol:{PLAIN}secret::::::nologin shade=blue\n"
                + "dora:::::::nopassword\n", to: directory + "/users")
        process = try Self.spawn([Self.program, "-F", "-c", configuration])
        try await waitForSocket()
    }

    deinit {
        kill(process, SIGTERM)
        waitpid(process, nil, 0)
        if let remover = try? Self.spawn(["/bin/rm", "-rf", directory]) { waitpid(remover, nil, 0) }
    }

    private static func write(_ text: String, to path: String) throws {
        guard let file = unsafe fopen(path, "w") else { throw NotStarted(description: "can't write \(path)") }
        // The stream is open until the next line.
        unsafe fputs(text, file)
        unsafe fclose(file)
    }

    private static func spawn(_ words: [String]) throws -> pid_t {
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { for unsafe pointer in unsafe arguments { unsafe free(pointer) } }
        var process: pid_t = 0
        // Threads of the test runner block signals, and a child inherits that: it could not be terminated.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        // Plain C structures of this frame.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        // The C strings live until posix_spawn has copied them.
        let status = unsafe posix_spawn(&process, words[0], nil, &attributes, &arguments, environ)
        guard status == 0 else { throw NotStarted(description: "can't start \(words[0])") }
        return process
    }

    /// Tries to connect until somebody listens, for 10 s at most.
    private func waitForSocket() async throws {
        for _ in 0..<1000 {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            // The path is shorter than sun_path: it is a fixed prefix, six letters and a file name.
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: clientSocket.utf8) }
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            defer { _ = Glibc.close(descriptor) }
            // A sockaddr_un is a sockaddr with a longer tail.
            let status = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            if status == 0 { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw NotStarted(description: "Dovecot did not open \(clientSocket): see \(directory)/log")
    }
}
