/// One `%{…}` of 2.4: a value and the filters that it goes through.
struct Pipeline: Hashable, Sendable {
    /// Where the value comes from; nil if the first filter makes it.
    var source: TemplateSource?
    var filters: [PipelineFilter]

    func text(_ context: ExpansionContext) throws(VariableTemplate.Failure) -> String {
        var state = PipelineState(bytes: source.map { Array($0.value(context).utf8) })
        for filter in filters { try state.run(filter, context) }
        guard let bytes = state.bytes else {
            throw state.failure ?? VariableTemplate.Failure(description: "there is no value")
        }
        // What is no text comes out as hexadecimal digits.
        return state.isBinary ? TemplateDigest.hexadecimal(bytes) : String(decoding: bytes, as: UTF8.self)
    }
}

/// A value on its way through the filters.
struct PipelineState {
    /// nil before the first value, and after a filter that failed.
    var bytes: [UInt8]?
    /// The bytes are a hash or decoded, not text.
    var isBinary = false
    /// Why the last filter failed: `default` may still save it, anything else does not.
    private(set) var failure: VariableTemplate.Failure?

    init(bytes: [UInt8]?) {
        self.bytes = bytes
    }

    mutating func run(_ filter: PipelineFilter, _ context: ExpansionContext) throws(VariableTemplate.Failure) {
        do throws(VariableTemplate.Failure) {
            try filter.apply(to: &self, context)
            failure = nil
        } catch {
            bytes = nil
            if let failure { throw failure }
            failure = error
        }
    }

    /// The value, for a filter that needs one.
    func value() throws(VariableTemplate.Failure) -> [UInt8] {
        guard let bytes else { throw VariableTemplate.Failure(description: "there is no value to work on") }
        return bytes
    }

    func text() throws(VariableTemplate.Failure) -> String {
        String(decoding: try value(), as: UTF8.self)
    }

    /// Takes a text; filters that only cut or join leave ``isBinary`` as it is and set ``bytes`` themselves.
    mutating func take(_ text: String) {
        bytes = Array(text.utf8)
        isBinary = false
    }

    mutating func take(binary: [UInt8]) {
        bytes = binary
        isBinary = true
    }
}
