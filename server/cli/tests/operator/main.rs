//! The binary as an operator uses it: what it prints, what it leaves on disk, how it ends.

mod phones;
mod reports;
mod serving;
mod site;
mod staff;
