#!/usr/bin/env bash
# Builds Outpost.xcframework (device, simulator, Mac) and the Swift beside it. Runs on a Mac with Xcode.
#   rustup target add aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin
# $1: where to (default: target/ios). Drag the xcframework and Generated/ into a target, with mobile-bindings/swift/Sources/Outpost.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
need() { echo "$1" >&2; exit 1; }
[[ $(uname -s) == Darwin ]] || need "An XCFramework is built on a Mac, with Xcode."
command -v xcodebuild >/dev/null || need "Xcode is missing."
cd "$here/.."
target=$(cargo metadata --no-deps --format-version 1 --offline | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
to=${1:-$target/ios}
rm -rf "$to" && mkdir -p "$to/headers" "$to/Generated" "$to/lib"

export IPHONEOS_DEPLOYMENT_TARGET=15.0 MACOSX_DEPLOYMENT_TARGET=12.0
for triple in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin; do
    cargo build --locked -p outpost-ffi --lib --no-default-features --profile mobile --target $triple
done
# What Swift calls it by comes from the same crate, built for this machine.
cargo build --locked -p outpost-ffi
"$target/debug/uniffi-bindgen" generate --library --language swift --no-format --out-dir "$to/made" "$target/debug/liboutpost_ffi.dylib"
cp "$to"/made/*.swift "$to/Generated/"
cp "$to"/made/*.h "$to/headers/"
# One map for the three modules, as an XCFramework wants it.
cat "$to"/made/*.modulemap > "$to/headers/module.modulemap"

fat() { lipo -create "${@:2}" -output "$to/lib/$1.a"; }
library=mobile/liboutpost_ffi.a
fat simulator "$target/aarch64-apple-ios-sim/$library" "$target/x86_64-apple-ios/$library"
fat mac "$target/aarch64-apple-darwin/$library" "$target/x86_64-apple-darwin/$library"
xcodebuild -create-xcframework \
    -library "$target/aarch64-apple-ios/$library" -headers "$to/headers" \
    -library "$to/lib/simulator.a" -headers "$to/headers" \
    -library "$to/lib/mac.a" -headers "$to/headers" \
    -output "$to/Outpost.xcframework"
du -sh "$to/Outpost.xcframework"
