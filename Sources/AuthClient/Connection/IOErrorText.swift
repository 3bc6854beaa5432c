internal import Glibc
internal import NIOCore

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
        let code = (error as? IOError)?.errnoCode
        let reason = code.map(reason) ?? text(of: error)
        let remedy: String? =
            switch (address, code) {
            case (.unix, ENOENT): "is the server running, and is this the path of its socket?"
            case (.unix, ECONNREFUSED): "the socket is there, but nobody listens: is the server running?"
            case (.tcp, ECONNREFUSED): "nobody listens there: is the server running?"
            case (.unix, EACCES): "see the socket's mode and owner, and those of its directory"
            default: nil
            }
        return AuthClientError(
            .cannotConnect, "can't connect to \(address): \(reason)" + (remedy.map { " (\($0))" } ?? ""))
    }

    private static func text(of error: any Error) -> String {
        switch error {
        case SocketAddressError.unixDomainSocketPathTooLong: "its path is longer than 103 bytes"
        case ChannelError.connectTimeout: "nobody answered in time"
        default: "\(error)"
        }
    }
}
