//! The fold: enveloped rows, decisions and records in; what is true out. State is stored nowhere else; whatever
//! shows it (the phone's lists, the console, the exports, the flags) asks here.
//!
//! [`event`] resolves voids, replacements and times; [`order`] tells a service call's story; [`attendance`] a
//! person's month; [`record`] a filled form; [`flag`] what a supervisor must see.

pub mod attendance;
pub mod event;
pub mod flag;
pub mod order;
pub mod record;
pub mod visit;

pub use event::Sheet;

/// Raised whenever the fold comes to say something else, or something more, of rows that are there already. Relay and
/// phones keep its last word beside the rows; where an older one's is kept, they have it said anew as they open.
pub const VERSION: u32 = 3;
