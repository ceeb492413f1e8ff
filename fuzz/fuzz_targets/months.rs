//! Month folders: two files of text, `org.json` and `log.jsonl`, here with a zero byte between them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use outpost_cli::month::Month;

fuzz_target!(|text: &str| {
    let (org, log) = text.split_once('\0').unwrap_or((include_str!("../../tests/src/company/charter.json"), text));
    let _ = Month::parse(org, log);
});
