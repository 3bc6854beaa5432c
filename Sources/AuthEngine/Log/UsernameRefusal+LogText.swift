internal import AuthDatabases

extension UsernameRefusal {
    /// The words of Dovecot's log.
    var logText: String {
        switch self {
        case .empty: "Empty username"
        case .emptyTarget: "Master user login attempted to use empty login username"
        case .noMasters: "Master user login attempted without master passdbs"
        case .tooLong: "Username is longer than \(UsernamePolicy.longestName) bytes"
        case .disallowed(let byte, let name):
            "Username character disallowed by auth_username_chars: 0x"
                + (byte < 16 ? "0" : "") + String(byte, radix: 16) + " (username: \(LogText.safe(name)))"
        }
    }
}
