//! Texts that come in: headers, commands, entries, and pins. What is read is spelled one way.

#![no_main]

use libfuzzer_sys::fuzz_target;
use outpost_model::command::Command;
use outpost_model::header::Header;
use outpost_model::id::{EntryId, Hash, PageId};

fuzz_target!(|text: &str| {
    if let Ok(header) = Header::parse(text) {
        assert_eq!(header.canonical(), text);
    }
    if let Ok(command) = Command::parse(text) {
        assert_eq!(command.canonical().expect("what was read can be written"), text);
    }
    let _ = (PageId::parse(text), EntryId::parse(text), Hash::parse(text));
    let _ = outpost_model::time::parse_moment(text);
});
