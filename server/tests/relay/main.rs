//! The relay by its stories: each test plays a small company through the public face, and every phone in it checks,
//! after every sync, that it holds exactly what the server says it holds.

mod company;
mod contract;
mod phone;

mod budgets;
mod contacts;
mod costs;
mod hearing;
mod idempotence;
mod pushing;
mod returning;
mod reviews;
mod scopes;
mod signatures;
mod snapshots;
mod writing;
