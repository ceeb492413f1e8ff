//! The gate and the page behind it: what an honest phone writes passes and merges; what a hostile one makes does not.

mod crew;
mod merging;
