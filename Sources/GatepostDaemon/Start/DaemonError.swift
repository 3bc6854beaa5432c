internal import DovecotConfiguration

/// Why the daemon can't start, with the remedy.
public struct DaemonError: Error, Sendable, CustomStringConvertible {
    public let description: String
    /// The setting outside sections that asks for what can't be had; nil if there is none, or its place has been said.
    private let setting: String?

    init(_ description: String, setting: String? = nil) {
        self.description = description
        self.setting = setting
    }

    /// The same, with the file and line where the setting stands.
    func placed(_ places: [String: SourceLocation]) -> DaemonError {
        guard let setting, let place = places[setting] else { return self }
        return DaemonError("\(place): \(description)")
    }
}
