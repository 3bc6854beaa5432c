/// Fields in the order in which they were first set; a name stands there once.
struct FieldList: Sendable, Hashable {
    private struct Entry: Sendable, Hashable {
        var field: ExtraField
        /// It is for the chain itself, not for the client.
        var isHidden: Bool
    }

    private var entries: [Entry] = []

    init() {}

    /// Sets a field in its old place, or at the end.
    mutating func set(_ name: String, _ value: String?, isHidden: Bool = false) {
        let entry = Entry(field: ExtraField(name, value.flatMap { $0.isEmpty ? nil : $0 }), isHidden: isHidden)
        if let index = entries.firstIndex(where: { $0.field.name == name }) {
            entries[index] = entry
        } else {
            entries.append(entry)
        }
    }

    mutating func remove(_ name: String) {
        guard !entries.isEmpty else { return }
        entries.removeAll { $0.field.name == name }
    }

    func contains(_ name: String) -> Bool {
        entries.contains { $0.field.name == name }
    }

    /// What the client may see.
    var visible: [ExtraField] {
        entries.isEmpty ? [] : entries.filter { !$0.isHidden }.map(\.field)
    }

    var isEmpty: Bool { entries.isEmpty }
}
