/// Every setting that Gatepost knows. The parser, the printer and the documentation all read this one table.
public enum SettingTable {
    /// All definitions, in the order in which they are printed within their section.
    public static let definitions: [SettingDefinition] =
        global.map(\.definition) + service.map(\.definition) + listener.map(\.definition)
        + passwordDatabase.map(\.definition) + userDatabase.map(\.definition)

    // MARK: Sections

    static let global: [Setting<ConfigurationDraft>] = (logins + caches + logs + process + policy + own).sorted(by: name)

    static let service: [Setting<ConfigurationDraft>] = ServiceSettings.all.sorted(by: name)

    static let listener: [Setting<ListenerDraft>] = ListenerSettings.all.sorted(by: name)

    static let passwordDatabase: [Setting<DatabaseDraft>] = DatabaseTable.passwords.sorted(by: name)

    static let userDatabase: [Setting<DatabaseDraft>] = DatabaseTable.users.sorted(by: name)

    private static func name<Root>(_ left: Setting<Root>, _ right: Setting<Root>) -> Bool {
        left.definition.name.utf8.lexicographicallyPrecedes(right.definition.name.utf8)
    }
}
