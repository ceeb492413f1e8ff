//! Other months, by seed.
