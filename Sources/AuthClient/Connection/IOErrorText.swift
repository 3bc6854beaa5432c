internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Words for what the kernel says.
enum IOErrorText {
    /// As `strerror` has it.
    static func reason(_ error: IOError) -> String { reason(error.errnoCode) }

    static func reason(_ code: CInt) -> String {
        // strerror's text lives until the next call in this thread.
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }

    /// Why connecting failed, and what to do about it.
    static func cannotConnect(to address: AuthServerAddress, _ error: any Error) -> AuthClientError {
        let cause = cause(of: error)
        let code = (cause as? IOError)?.errnoCode
        let reason = code.map(reason) ?? text(of: cause)
        let remedy: String? =
            switch (address, code) {
            case (.unix, ENOENT): "is the server running, and is this the path of its socket?"
            case (.unix(let path), ECONNREFUSED) where !isSocket(path):
                "this is no socket; name the one that unix_listener makes"
            case (.unix, ECONNREFUSED): "the socket is there, but nobody listens: is the server running?"
            case (.tcp, ECONNREFUSED): "nobody listens there: is the server running?"
            case (.unix, EACCES): "see the socket's mode and owner, and those of its directory"
            default: nil
            }
        return AuthClientError(
            .cannotConnect, "can't connect to \(address): \(reason)" + (remedy.map { " (\($0))" } ?? ""))
    }

    /// A host may have many addresses; what is wrong with the first that was tried is wrong with the others, mostly.
    private static func cause(of error: any Error) -> any Error {
        guard let error = error as? NIOConnectionError else { return error }
        return error.connectionErrors.first?.error ?? error.dnsAError ?? error.dnsAAAAError ?? error
    }

    private static func isSocket(_ path: String) -> Bool {
        var status = stat()
        // A C string that lives for the call.
        return unsafe stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFSOCK
    }

    private static func text(of error: any Error) -> String {
        switch error {
        // NIO's limit; the kernel's is 107.
        case SocketAddressError.unixDomainSocketPathTooLong:
            "its path is longer than 103 bytes (name it from its directory, as ./auth)"
        case let error as SocketAddressError.UnknownHost: "the host's name can't be looked up: \(error.errorDescription)"
        case ChannelError.connectTimeout: "nobody answered in time"
        default: "\(error)"
        }
    }
}
