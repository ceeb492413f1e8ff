//! Stories, months and attacks, played through real stores and a real server. The rig is here, what is played on it in
//! `tests/`.

pub mod company;
pub mod sums;
pub mod wire;
