public import DovecotConfiguration

/// Checks what a configuration asks for beyond its grammar, without doing any of it.
public enum ConfigurationCheck {
    /// Sentences on what is configured and would not be served.
    ///
    /// - Throws: ``DaemonError`` for what can't be had.
    public static func notices(_ configuration: AuthConfiguration) throws(DaemonError) -> [String] {
        try ServerPlan(configuration, pool: nil) { _ in }.notices
    }
}
