//! The console, asked as browsers ask it: in-process, in virtual time. Who sees what, what a form gives back, and what
//! two people do at once.

mod approvals;
mod attendance;
mod desk;
mod exports;
mod flags;
mod forms;
mod matrix;
mod people;
mod policy;
mod refused;
mod rights;
