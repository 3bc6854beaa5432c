internal import Encodings
public import Secrets

extension PasswordScheme {
    /// Hashes a new password: the text `{SCHEME}data` to write into a database.
    ///
    /// - Parameters:
    ///   - password: The new password.
    ///   - user: The login name; DIGEST-MD5 needs it, with the realm behind the last `@`.
    ///   - parameters: Cost and salt.
    ///   - workspace: Memory to work in; its limits hold for new hashes too.
    /// - Returns: The text, in wiped storage, for PLAIN data are the password itself.
    /// - Throws: ``PasswordSchemeError`` if the password or the parameters don't suit the scheme.
    public func generate(
        _ password: borrowing Secret, user: String = "", parameters: HashingParameters = HashingParameters(),
        using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        let request = GenerationRequest(scheme: self, user: user, parameters: parameters)
        let data = try definition.implementation.generate(password, request, using: &workspace)
        let writing: SchemeDefinition.Writing =
            switch encoding {
            case .hex: .hex
            case .b64, .base64: .base64
            case nil: definition.writing
            }
        let prefix = Array("{\(name)}".utf8)
        return data.withBytes { data in
            Secret(capacity: prefix.count + data.count * 2 + 4) { output in
                output.append(copying: prefix.span)
                switch writing {
                case .text: output.append(copying: data)
                case .hex: Hexadecimal.encode(data, into: &output)
                case .base64:
                    var text = Base64.encode(data)
                    output.append(copying: text.span)
                    wipe(&text)
                }
            }
        }
    }
}
