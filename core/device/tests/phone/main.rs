//! A phone against a relay made of the model alone.

mod capture;
mod files;
mod full;
mod hand_in;
mod mending;
mod proofs;
mod quarantine;
mod refolding;
mod relay;
mod rescue;
mod restore;
mod returning;
mod rig;
mod rights;
mod seasons;
mod sync;
mod transport;
mod undo;
