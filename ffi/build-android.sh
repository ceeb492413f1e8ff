#!/usr/bin/env bash
# Builds the library for Android: jniLibs/<abi>/liboutpost_ffi.so, linked for pages of 16 KB, and says how large each is.
# Needs the NDK (r26 or later; ANDROID_NDK_HOME), cargo-ndk, and the targets:
#   cargo install cargo-ndk
#   rustup target add aarch64-linux-android armv7-linux-androideabi x86_64-linux-android
# $1: where to (default: target/jniLibs). The Kotlin that calls it: mobile-bindings/kotlin/build-native.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=${1:-$here/../target/jniLibs}
need() { echo "$1" >&2; exit 1; }
command -v cargo-ndk >/dev/null || need "cargo-ndk is missing: cargo install cargo-ndk"
[[ -n ${ANDROID_NDK_HOME:-} ]] || need "ANDROID_NDK_HOME is not set: the folder of the NDK, r26 or later"
abis=(-t arm64-v8a -t armeabi-v7a -t x86_64)

cd "$here"
# Level 26 is what the Kotlin package asks for. The binding tool stays behind: only the library goes.
cargo ndk "${abis[@]}" --platform 26 -o "$to" build --locked -p outpost-ffi --lib --no-default-features --profile mobile

readelf=$(ls "$ANDROID_NDK_HOME"/toolchains/llvm/prebuilt/*/bin/llvm-readelf | head -n1)
for library in "$to"/*/liboutpost_ffi.so; do
    # Every segment on a page of 16 KB, or Android 15 on such phones won't load it. 32-bit phones have none.
    if [[ $library != *armeabi* ]] && "$readelf" -lW "$library" | awk '$1 == "LOAD" && $NF != "0x4000"' | grep -q .; then
        need "$library: a segment isn't aligned to 16 KB"
    fi
    echo "$library: $(stat -c %s "$library") bytes"
done
