// swift-tools-version:5.9
// The library and what it is called by come from ../../ffi: `./build-native` on this machine, ffi/build-ios.sh for
// phones. Sources/Generated and the C modules are written by it, and not committed.

import PackageDescription

let package = Package(
    name: "Outpost",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [
        .library(name: "Outpost", targets: ["Outpost"]),
        .executable(name: "field", targets: ["field"]),
    ],
    targets: [
        .systemLibrary(name: "outpost_modelFFI", path: "native/outpost_modelFFI"),
        .systemLibrary(name: "outpost_deviceFFI", path: "native/outpost_deviceFFI"),
        .systemLibrary(name: "outpost_ffiFFI", path: "native/outpost_ffiFFI"),
        .target(
            name: "Outpost",
            dependencies: ["outpost_modelFFI", "outpost_deviceFFI", "outpost_ffiFFI"],
            linkerSettings: [.unsafeFlags(["-Lnative/lib"]), .linkedLibrary("outpost_ffi")]
        ),
        .executableTarget(name: "field", dependencies: ["Outpost"]),
        .testTarget(name: "OutpostTests", dependencies: ["Outpost"]),
    ]
)
