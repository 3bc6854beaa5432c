// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors in our own build only (make test, CI), never for a package that depends on this one.
let strict = Context.environment["GATEPOST_STRICT"] == "1"

let settings: [SwiftSetting] =
    [
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

/// One of our own targets; `floor` is only a reminder of `DESIGN.md`: a target imports lower floors.
func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
]
let crypto: [Target.Dependency] = [
    .product(name: "Crypto", package: "swift-crypto"), .product(name: "CryptoExtras", package: "swift-crypto"),
]
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

let package = Package(
    name: "gatepost",
    products: [
        .library(name: "DovecotAuthProtocol", targets: ["DovecotAuthProtocol"]),
        .library(name: "SASLMechanisms", targets: ["SASLMechanisms"]),
        .library(name: "PasswordSchemes", targets: ["PasswordSchemes"]),
        .library(name: "AuthDatabases", targets: ["AuthDatabases"]),
        .library(name: "AuthServer", targets: ["AuthServer"]),
        .library(name: "AuthClient", targets: ["AuthClient"]),
        .library(name: "AuthFixtures", targets: ["AuthFixtures"]),
        // What passwords are handed over in, by PasswordSchemes, SASLMechanisms and AuthClient.
        .library(name: "Secrets", targets: ["Secrets"]),
        .executable(name: "gatepost", targets: ["gatepost"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Floor 0
        .target(name: "CPlatform"),
        .systemLibrary(name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        room("Secrets", ["CPlatform"]),
        room("Encodings", ["Secrets"]),
        // Floor 1
        room("DovecotAuthProtocol", ["Encodings", "Secrets"]),
        room("PasswordSchemes", ["Secrets", "Encodings", "CCrypt", "CArgon2"] + crypto),
        // Floor 2
        room("SASLMechanisms", ["Encodings", "PasswordSchemes", "Secrets"]),
        room("AuthDatabases", ["Encodings", "PasswordSchemes", "Secrets", "CPlatform"]),
        // Floor 3
        room(
            "AuthEngine",
            ["AuthDatabases", "DovecotAuthProtocol", "Encodings", "PasswordSchemes", "SASLMechanisms", "Secrets"]),
        // Floor 4
        room(
            "AuthServer",
            ["AuthDatabases", "AuthEngine", "CPlatform", "DovecotAuthProtocol", "PasswordSchemes", "SASLMechanisms",
                "Secrets", logging, lifecycle]
        ),
        room("AuthClient", ["DovecotAuthProtocol", "Encodings", "PasswordSchemes", "SASLMechanisms", "Secrets"] + nio),
        // The transcripts are embedded, because copied resources would bring Foundation in.
        .target(
            name: "AuthFixtures", dependencies: ["DovecotAuthProtocol", "Encodings", "Secrets"] + nio,
            resources: [.embedInCode("Transcripts")], swiftSettings: settings),
        // Floor 5
        room("DovecotConfiguration", ["AuthDatabases"]),
        room(
            "GatepostDaemon",
            ["AuthDatabases", "AuthServer", "AuthEngine", "CPlatform", "DovecotConfiguration", "PasswordSchemes",
                "SASLMechanisms", "Secrets", logging, lifecycle, signals]),
        // Floor 6
        .executableTarget(
            name: "gatepost",
            dependencies: ["AuthClient", "AuthDatabases", "DovecotAuthProtocol", "DovecotConfiguration", "GatepostDaemon",
                "PasswordSchemes", "Secrets", .product(name: "ArgumentParser", package: "swift-argument-parser")] + nio,
            swiftSettings: settings),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        .target(name: "DovecotOracle", path: "Tests/DovecotOracle", swiftSettings: settings),
        tests("SecretsTests", ["Secrets"]),
        tests("EncodingsTests", ["Encodings", "Secrets"]),
        tests("DovecotAuthProtocolTests", ["DovecotAuthProtocol", "Encodings", "Secrets"]),
        tests("PasswordSchemesTests", ["PasswordSchemes", "Secrets", "Encodings"], exclude: ["Fixtures"]),
        tests(
            "SASLMechanismsTests", ["Encodings", "PasswordSchemes", "SASLMechanisms", "Secrets", "TestSupport"],
            exclude: ["Fixtures"]),
        tests("AuthDatabasesTests", ["AuthDatabases", "PasswordSchemes", "Secrets", "TestSupport"], exclude: ["Recordings"]),
        tests(
            "AuthEngineTests",
            ["AuthEngine", "AuthDatabases", "AuthFixtures", "DovecotAuthProtocol", "Encodings", "PasswordSchemes",
                "SASLMechanisms", "Secrets", "TestSupport"]),
        tests(
            "AuthClientTests",
            ["AuthClient", "AuthFixtures", "DovecotAuthProtocol", "DovecotOracle", "PasswordSchemes", "SASLMechanisms",
                "Secrets"] + nio),
        tests("AuthFixturesTests", ["AuthFixtures", "DovecotOracle"] + nio, exclude: ["Fixtures"]),
        tests(
            "AuthServerTests",
            ["AuthServer", "AuthDatabases", "AuthEngine", "DovecotAuthProtocol", "DovecotOracle", "PasswordSchemes",
                "SASLMechanisms", "Secrets", "TestSupport", logging, lifecycle]),
        tests(
            "GatepostDaemonTests",
            ["GatepostDaemon", "AuthDatabases", "AuthEngine", "AuthServer", "DovecotConfiguration", "PasswordSchemes",
                "SASLMechanisms", "Secrets", "TestSupport", logging],
            exclude: ["Guides"]),
        tests(
            "FuzzTests",
            ["AuthClient", "AuthDatabases", "AuthEngine", "DovecotAuthProtocol", "DovecotConfiguration", "Encodings",
                "PasswordSchemes", "SASLMechanisms", "Secrets"]),
        tests("DovecotConfigurationTests", ["DovecotConfiguration"], exclude: ["Recordings"]),
        tests(
            "GatepostCommandTests",
            ["gatepost", "AuthClient", "AuthFixtures", "DovecotOracle", "Secrets",
                .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        tests("IntegrationTests", ["AuthDatabases", "AuthFixtures", "AuthServer", "SASLMechanisms", "Secrets", logging] + nio),
    ]
)
