/// Why a socket could not be made, with the remedy.
public struct ListeningError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: Sendable, Hashable {
        case pathTooLong, missingDirectory, notASocket, inUse, permissionDenied, unknownUser, unknownGroup, system
    }

    public let code: Code
    public let path: String
    private let text: String

    init(_ code: Code, path: String, _ text: String) {
        self.code = code
        self.path = path
        self.text = text
    }

    public var description: String { "\(path): \(text)" }
}
