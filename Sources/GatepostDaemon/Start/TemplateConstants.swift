internal import DovecotConfiguration
internal import Glibc

/// What templates may name that is the same for every login.
enum TemplateConstants {
    /// `env:NAME`, empty if there is none, as in Dovecot, and `hostname`; nil for any other name.
    static func value(_ name: String) -> String? {
        guard !name.hasPrefix("env:") else {
            return LocalConfigurationFiles().environmentVariable(String(name.dropFirst(4))) ?? ""
        }
        return name == "hostname" ? hostName : nil
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        // The array outlives the call, which gets one byte less, so that a zero ends it.
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
