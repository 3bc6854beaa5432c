// swift-tools-version: 6.2
// libFuzzer over every parser. A package of its own over the same sources (the links Gatepost and Targets), because they
// have to be compiled with its instrumentation, and because it drives pieces that no product shows.
import PackageDescription

let checks: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// Optimised, for a million inputs each, but with the assertions of a debug build.
let instrumentation: [SwiftSetting] = [
    .unsafeFlags(["-sanitize=fuzzer", "-enable-testing", "-assert-config", "Debug"])
]

func room(_ name: String, _ dependencies: [Target.Dependency], sources: [String]? = nil) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Gatepost/\(name)", sources: sources,
        swiftSettings: checks + instrumentation)
}

let package = Package(
    name: "gatepost-fuzz",
    dependencies: [.package(url: "https://github.com/apple/swift-crypto", from: "4.5.0")],
    targets: [
        .target(name: "CPlatform", path: "Gatepost/CPlatform"),
        .systemLibrary(name: "CCrypt", path: "Gatepost/CCrypt", pkgConfig: "libcrypt"),
        .systemLibrary(name: "CArgon2", path: "Gatepost/CArgon2", pkgConfig: "libargon2"),
        room("Secrets", ["CPlatform"]),
        room("Encodings", ["Secrets"]),
        room("DovecotAuthProtocol", ["Encodings", "Secrets"]),
        room(
            "PasswordSchemes",
            ["Secrets", "Encodings", "CCrypt", "CArgon2", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto")]),
        room("SASLMechanisms", ["Encodings", "PasswordSchemes", "Secrets"]),
        room("AuthDatabases", ["Encodings", "PasswordSchemes", "Secrets", "CPlatform"]),
        room(
            "AuthEngine",
            ["AuthDatabases", "DovecotAuthProtocol", "Encodings", "PasswordSchemes", "SASLMechanisms", "Secrets"]),
        // The client's machine alone, without the sockets around it.
        room(
            "AuthClient", ["DovecotAuthProtocol"],
            sources: [
                "Connection/ClientConnectionMachine.swift", "Connection/ConnectionFault.swift",
                "Connection/ServerDescription.swift", "Client/AuthenticationOutcome.swift",
                "Client/AuthClientError.swift",
            ]),
        room("DovecotConfiguration", ["AuthDatabases"]),
        // The targets, which the main package's tests run over the corpus. What libFuzzer sees is the code they call.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "AuthClient", "AuthDatabases", "AuthEngine", "DovecotAuthProtocol", "DovecotConfiguration", "Encodings",
                "PasswordSchemes", "SASLMechanisms", "Secrets",
            ],
            path: "Targets", exclude: ["CorpusTests.swift"], swiftSettings: checks),
        .target(name: "CLibFuzzer"),
        .executableTarget(
            name: "fuzz", dependencies: ["CLibFuzzer", "FuzzTargets"], swiftSettings: checks,
            // The library's own main would be in the way: LLVMFuzzerRunDriver is called by ours.
            linkerSettings: [
                .unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])
            ]),
    ]
)
