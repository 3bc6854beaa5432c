// swift-tools-version: 6.2
// Measuring tools. A package of its own, so that nobody who builds Gatepost builds them.
import PackageDescription

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "gatepost-benchmarks",
    dependencies: [
        .package(name: "gatepost", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    ],
    targets: [
        // The loop that PasswordSchemes and the bare C functions run in, and those functions.
        .target(name: "HashRunning"),
        .target(
            name: "HashReferences", dependencies: ["HashRunning"],
            linkerSettings: [.linkedLibrary("crypt"), .linkedLibrary("argon2")]),
        .executableTarget(
            name: "hash-benchmark",
            dependencies: [
                "HashReferences", "HashRunning", .product(name: "PasswordSchemes", package: "gatepost"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        // C, because they share the machine with what they measure.
        .executableTarget(name: "auth-load"),
        .executableTarget(name: "first-ok"),
        .executableTarget(name: "echo-floor"),
        .executableTarget(
            name: "crypt-floor", dependencies: ["HashRunning"], linkerSettings: [.linkedLibrary("crypt")]),
    ]
)
