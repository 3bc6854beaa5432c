/// A template of 2.3 in the words of 2.4.
package struct TemplateTranslation: Sendable, Hashable {
    /// The template in 2.4's language.
    package private(set) var text = ""

    /// Where 2.4 does something else with some names, one sentence each.
    package private(set) var cautions: [String] = []

    /// - Throws: ``VariableTemplate/Fault`` for what 2.4 can't say, or what is no template of 2.3 at all.
    package init(classic text: String) throws(VariableTemplate.Fault) {
        var parser = ClassicTemplateParser(text, constant: { _ in nil }, keepsNames: true)
        for piece in try parser.pieces() {
            if case .literal(let literal) = piece {
                self.text += literal.replacing("%{", with: "%%{")
            } else {
                // Before a brace, a lone % would make a text of what follows.
                if self.text.hasSuffix("%") { self.text = self.text.dropLast() + "%{literal('%')}" }
                self.text += "%{\(try pipeline(piece, of: text))}"
            }
        }
    }

    private mutating func pipeline(
        _ piece: VariableTemplate.Piece, of text: String
    ) throws(VariableTemplate.Fault) -> String {
        do throws(PipelineWriter.Fault) {
            var writer = PipelineWriter()
            let words = try writer.words(piece)
            cautions += writer.cautions.map { "\"\(text)\": \($0)" }
            return words.joined(separator: " | ")
        } catch {
            throw VariableTemplate.Fault(description: "\"\(text)\": \(error.description)")
        }
    }
}
