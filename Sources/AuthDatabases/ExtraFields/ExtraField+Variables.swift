extension ExtraField {
    var hasVariables: Bool {
        value?.utf8.contains(UInt8(ascii: "%")) ?? false
    }

    /// Puts what is known of a login in the place of variables.
    mutating func expand(_ syntax: VariableTemplate.Syntax, _ query: UserQuery) throws(DatabaseFailure) {
        guard hasVariables, let value else { return }
        do throws(VariableTemplate.Fault) {
            self.value = try VariableTemplate(parsing: value, syntax: syntax).expand(query)
        } catch {
            throw DatabaseFailure("Failed to expand extra field \(name): \(error)")
        }
    }
}
