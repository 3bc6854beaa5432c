/// Which Dovecot a configuration was written for; `dovecot_config_version` as the first setting makes it 2.4.
public enum ConfigurationDialect: Sendable, Equatable {
    /// Up to 2.3: no version setting.
    case dovecot23
    /// From 2.4 on.
    case dovecot24
}
