//! The oracle's rules one by one: a few lines of a log, and the rows that they must come to, written out by hand.
//!
//! [`bench::Bench`] is a small organisation and a notebook: `e1`, `e2`, `e3` and `lead` of the first station, `e9` and
//! `lead9` of the second, customers `c-300`, `c-301`, `c-1000`, `c-1001` of the first and `c-9` of the second.

mod attendance;
mod bench;
mod conflicts;
mod orders;
mod people;
mod signatures;
mod times;
