/// A parser, and what must hold for whatever it is given.
struct FuzzTarget: Sendable {
    let name: String
    /// Traps if something does not hold.
    let run: @Sendable (Span<UInt8>) -> Void

    init(_ name: String, _ run: @escaping @Sendable (Span<UInt8>) -> Void) {
        self.name = name
        self.run = run
    }

    static let all =
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
                FuzzTarget("server-\(family.rawValue)") { ServerMechanismTarget.run(family, $0) },
                FuzzTarget("client-\(family.rawValue)") { ClientMechanismTarget.run(family, $0) },
            ]
        }

    static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
