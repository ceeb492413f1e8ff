//! Somebody with an honestly enrolled device and tools of his own. Whatever he sends gets its code and a sentence; the
//! relay goes on; what was admitted stays; and the log is what it says.

mod changes;
mod commands;
mod frames;
mod keys;
#[allow(dead_code)]
#[path = "../../../core/model/tests/mutator/parts.rs"]
mod parts;
mod persons;
mod quarantine;
mod scene;
