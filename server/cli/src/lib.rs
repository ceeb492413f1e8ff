//! The `outpost` command as a library: what each subcommand does, callable by the binary and by tests that play whole
//! months. Each subcommand has a file.

pub mod backup;
pub mod demo;
pub mod device;
pub mod doctor;
pub mod export;
pub mod failure;
pub mod field_app;
pub mod founding;
pub mod key;
pub mod month;
pub mod office;
pub mod progress;
pub mod replay;
pub mod rescue;
pub mod restore;
pub mod review;
pub mod serve;
pub mod serving;
pub mod station;
pub mod trouble;
pub mod user;
pub mod verify;
