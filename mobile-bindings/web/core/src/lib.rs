//! The logbook's core in a browser: convert, one call, convert.

use wasm_bindgen::prelude::wasm_bindgen;

/// Reads a header the way the core does.
#[wasm_bindgen]
pub fn header_page(text: &str) -> Option<String> {
    outpost_model::header::Header::parse(text).ok().map(|header| header.page().to_string())
}
