internal import DovecotConfiguration

/// Why the daemon can't start, with the remedy.
public struct DaemonError: Error, Sendable, CustomStringConvertible {
    public let description: String
    /// Whether the configuration itself is wrong, and will be the next time; otherwise the system is in the way, which
    /// may pass.
    public let isInConfiguration: Bool
    /// The setting outside sections that asks for what can't be had; nil if there is none, or its place has been said.
    private let setting: String?

    /// Something in the system is in the way.
    init(_ description: String, setting: String? = nil) {
        self.init(description, isInConfiguration: false, setting: setting)
    }

    /// The configuration asks for what can't be had.
    init(inConfiguration description: String, setting: String? = nil) {
        self.init(description, isInConfiguration: true, setting: setting)
    }

    private init(_ description: String, isInConfiguration: Bool, setting: String?) {
        self.description = description
        self.isInConfiguration = isInConfiguration
        self.setting = setting
    }

    /// The same, with the file and line where the setting stands.
    func placed(_ places: [String: SourceLocation]) -> DaemonError {
        guard let setting, let place = places[setting] else { return self }
        return DaemonError("\(place): \(description)", isInConfiguration: isInConfiguration, setting: nil)
    }
}
