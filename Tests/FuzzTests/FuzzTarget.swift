/// A parser, and what must hold for whatever it is given.
///
/// The targets are pure: the same input always does the same. libFuzzer runs them in the package `Fuzz`, and
/// ``CorpusTests`` over what it left.
package struct FuzzTarget: Sendable {
    package let name: String
    /// Throws if something does not hold.
    package let run: @Sendable (Span<UInt8>) throws(BrokenRule) -> Void

    init(_ name: String, _ run: @escaping @Sendable (Span<UInt8>) throws(BrokenRule) -> Void) {
        self.name = name
        self.run = run
    }

    package static let all =
        [
            FuzzTarget("client-command", ClientCommandTarget.run),
            FuzzTarget("connection", ConnectionTarget.run),
            FuzzTarget("master-connection", MasterConnectionTarget.run),
            FuzzTarget("server-line", ServerLineTarget.run),
            FuzzTarget("client-connection", ClientConnectionTarget.run),
            FuzzTarget("stored-password", StoredPasswordTarget.run),
            FuzzTarget("passwd-file", PasswdFileTarget.run),
            FuzzTarget("passwd-file-edit", PasswdFileEditTarget.run),
            FuzzTarget("configuration", ConfigurationTarget.run),
            FuzzTarget("variable-template", VariableTemplateTarget.run),
            FuzzTarget("allowed-networks", AllowedNetworksTarget.run),
            FuzzTarget("saslprep", SASLprepTarget.run),
            FuzzTarget("base64", Base64Target.run),
        ]
        + MechanismFamily.allCases.flatMap { family in
            [
                FuzzTarget("server-\(family.rawValue)") { input throws(BrokenRule) in
                    try ServerMechanismTarget.run(family, input)
                },
                FuzzTarget("client-\(family.rawValue)") { input throws(BrokenRule) in
                    try ClientMechanismTarget.run(family, input)
                },
            ]
        }

    package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
