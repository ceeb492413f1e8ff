//! The gate and the page behind it: what an honest phone writes passes and merges; what a hostile one makes does not.

mod attacks;
mod crew;
mod genesis;
mod limits;
mod merging;
mod mutants;
#[path = "../mutator/mutator.rs"]
mod mutator;
mod properties;
