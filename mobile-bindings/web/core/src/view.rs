//! What the screens see, field for field as `app/src/logbook/views.ts` has it. Facts come from the core's own views;
//! here they get names for codes and are laid out a screen at a time.

mod attendance;
mod order;
mod sync;
mod today;
mod visit;

pub use attendance::{month, report};
pub use order::{order, orders};
pub use sync::{export, me, sentence, sync};
pub use today::{customers, parts, standing, today};
pub use visit::{glass, proof, visit};
