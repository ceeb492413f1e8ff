//! The structure-aware mutator, steered by the fuzzer: an honest change, wrong in one or two places of its structure.
//! Whatever the gate admits is applied, saved, reloaded, written on and replayed in another order.

#![no_main]
#![allow(dead_code, unused_imports)]

#[path = "../../core/model/tests/gate/crew.rs"]
mod crew;
#[path = "../../core/model/tests/gate/mutants.rs"]
mod mutants;
#[path = "../../core/model/tests/mutator/mutator.rs"]
mod mutator;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mutants::live_with_given(bytes));
