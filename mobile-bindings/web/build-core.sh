#!/usr/bin/env bash
# Builds the core for browsers: core/ → pkg/ (outpost_web_bg.wasm, its JavaScript and its types).
# OUTPOST_WEB_PROFILE=dev builds it without link-time optimisation into pkg-dev/, and its panics say where.
# With a compiler that has Rust's own source (Debian's rustc-web, which is installed on Debian, or rustup's rust-src from
# 1.92 on) it is made small: the standard library for size, panics without their text. With the rustup target alone it
# is a fifth larger.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/core"

triple=wasm32-unknown-unknown
bindgen=0.2.130
export CARGO_TARGET_DIR="${OUTPOST_WEB_TARGET:-$here/core/target}"

has() { command -v "$1" >/dev/null 2>&1; }
need() { echo "$1" >&2; exit 1; }
# Files of its own, so that nothing that a machine has set for other builds leaks into this one.
unset RUSTFLAGS CARGO_BUILD_TARGET CARGO_BUILD_RUSTC_WRAPPER RUSTC_WRAPPER

# The newest of clang-22, clang-21 … or plain clang: the one that can compile C for wasm32.
clang_for_wasm() {
    for candidate in clang-22 clang-21 clang-20 clang-19 clang; do
        if has "$candidate" && echo 'int x;' | "$candidate" --target=wasm32 -x c -c -o /dev/null - 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

# Of SQLite, what the store doesn't use stays out: a fifth of it.
left_out=(FTS5 RTREE SESSION PREUPDATE_HOOK MATH_FUNCTIONS BYTECODE_VTAB DBPAGE_VTAB DBSTAT_VTAB STMTVTAB
    OFFSET_SQL_FUNC UNLOCK_NOTIFY API_ARMOR COLUMN_METADATA UNKNOWN_SQL_FUNCTION)
omitted=(JSON TRACE PROGRESS_CALLBACK COMPLETE TCL_VARIABLE AUTHORIZATION UTF16 COMPILEOPTION_DIAGS WAL AUTOVACUUM
    INTEGRITY_CHECK DESERIALIZE INTROSPECTION_PRAGMAS GET_TABLE)
export SQLITE_WASM_RS_FLAGS="${left_out[*]/#/-USQLITE_ENABLE_} ${omitted[*]/#/-DSQLITE_OMIT_}"

folder=release
out=$here/pkg
build=(build --locked --target $triple --profile release)
small=(-Zbuild-std=std,panic_abort)
if [[ ${OUTPOST_WEB_PROFILE:-} == dev ]]; then
    folder=quick
    out=$here/pkg-dev
    build=(build --locked --target $triple --profile quick)
else
    small+=(-Zbuild-std-features=optimize_for_size -Zpanic-immediate-abort)
    small+=(--config 'profile.release.panic="immediate-abort"')
    small_flags="-Zlocation-detail=none -Zfmt-debug=shallow"
fi

has_source() {
    [[ -d $(rustc --print sysroot)/lib/rustlib/src/rust/library ]] && (( $(rustc --version | cut -d. -f2) >= 92 ))
}
libdir=$(rustc --print target-libdir --target $triple 2>/dev/null || true)
if [[ -n $libdir && -d $libdir ]]; then
    has cargo || need "cargo is missing: https://rustup.rs"
    clang=$(clang_for_wasm)
    [[ -n $clang ]] || need "A clang that compiles for wasm32 is missing: SQLite is C. Install clang, then run this again."
    export CC_wasm32_unknown_unknown=$clang
    if [[ $folder == release ]] && has_source; then
        RUSTC_BOOTSTRAP=1 RUSTFLAGS=$small_flags cargo "${build[@]}" "${small[@]}"
    else
        cargo "${build[@]}"
    fi
elif has apt-get; then
    if ! has wasm-ld-22 || ! has clang-22 || ! [[ -d /usr/lib/rust-web/lib/rustlib || -d /usr/lib/rustlib ]] || ! dpkg -s rustc-web cargo-web rust-web-src llvm-22 >/dev/null 2>&1; then
        [[ $(id -u) == 0 ]] || need "Run once as root: apt-get install rustc-web cargo-web rust-web-src clang-22 lld-22 llvm-22"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            rustc-web cargo-web rust-web-src clang-22 lld-22 llvm-22
    fi
    RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1 RUSTFLAGS=${small_flags:-} \
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22 \
        CC_wasm32_unknown_unknown=clang-22 AR_wasm32_unknown_unknown=llvm-ar-22 \
        /usr/bin/cargo "${build[@]}" "${small[@]}"
else
    need "The Rust target is missing: rustup target add $triple"
fi

# The tool that writes the JavaScript side, of exactly the crate's version.
tool="$CARGO_TARGET_DIR/tools/bin/wasm-bindgen"
if [[ $("$tool" --version 2>/dev/null) != "wasm-bindgen $bindgen" ]]; then
    cargo install --quiet --root "$CARGO_TARGET_DIR/tools" --target-dir "$CARGO_TARGET_DIR/tools-build" \
        wasm-bindgen-cli --version "$bindgen" --no-default-features
fi
names=(--remove-name-section --remove-producers-section)
[[ ${OUTPOST_WEB_PROFILE:-} == dev ]] && names=()
"$tool" --target web "${names[@]}" --out-dir "$out" "$CARGO_TARGET_DIR/$triple/$folder/outpost_web.wasm"
echo "$out: $(stat -c %s "$out/outpost_web_bg.wasm") bytes"
