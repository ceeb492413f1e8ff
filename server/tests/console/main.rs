//! The console, asked as browsers ask it: in-process, in virtual time. Who sees what, what a form gives back, and what
//! two people do at once.

mod desk;
mod exports;
mod forms;
mod rights;
