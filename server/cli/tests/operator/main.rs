//! The binary as an operator uses it: what it prints, what it leaves on disk, how it ends.

mod demo;
mod life;
mod phones;
mod reports;
mod rescue;
mod serving;
mod site;
mod staff;
