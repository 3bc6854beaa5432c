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

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let package = Package(
    name: "gatepost",
    products: [
        .library(name: "DovecotAuthProtocol", targets: ["DovecotAuthProtocol"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "CPlatform"),
        .systemLibrary(name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        room("Secrets", ["CPlatform"]),
        room("Encodings", ["Secrets"]),
        room("DovecotAuthProtocol", ["Encodings", "Secrets"]),
        room("SASLMechanisms", ["Secrets"]),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        tests("SASLMechanismsTests", ["SASLMechanisms", "Secrets", "TestSupport"]),
    ]
)
