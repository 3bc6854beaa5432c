import Glibc

/// Where things lie: the repository, the build, what `make test` has fetched.
enum Places {
    static let repository: String = {
        // This file's name as the compiler saw it may lead through symbolic links.
        let file = real(#filePath)
        return file.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
    }()

    /// The directory of the test bundle, where SwiftPM puts our executables too.
    static let build: String = {
        let bundle = real("/proc/self/exe")
        return bundle.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
    }()

    static let demoUsers = "\(repository)/Examples/quickstart/users"
    static let runPostfix = "\(repository)/Examples/postfix/run-postfix"
    static let exim = "\(peers)/exim/usr/sbin/exim4"
    static let chasquid = "\(peers)/chasquid/usr/bin/chasquid"
    /// Dovecot's IMAP server, which belongs to another package than the rest.
    static let dovecotPrograms = "\(peers)/dovecot-imapd/usr/lib/dovecot"
    /// Where `make test` unpacks what must not be installed.
    static let peers = "\(repository)/.build/peers"
    static var gatepost: String { environment("GATEPOST_BINARY") ?? "\(build)/gatepost" }

    static func exists(_ path: String) -> Bool {
        // The string is converted to C's form for the time of the call.
        unsafe access(path, F_OK) == 0
    }

    static func environment(_ name: String) -> String? {
        // Nothing in the tests changes the environment, so the string stays where it is while it is copied.
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    private static func real(_ path: String) -> String {
        // realpath allocates the answer, which is copied and then freed.
        guard let answer = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(answer) }
        return unsafe String(cString: answer)
    }
}
