public import DovecotConfiguration

/// Checks what a configuration asks for beyond its grammar, without doing any of it.
public enum ConfigurationCheck {
    /// Sentences on what is configured and would not be served.
    ///
    /// - Throws: ``DaemonError`` for what can't be had.
    public static func notices(_ loaded: LoadedConfiguration) throws(DaemonError) -> [String] {
        do throws(DaemonError) {
            return try ServerPlan(loaded.configuration, places: loaded.places, pool: nil) { _ in }.notices
        } catch {
            throw error.placed(loaded.places)
        }
    }
}
