//! Bytes offered as a change of a page: the gate says no, or what it let in can be applied, saved and loaded.

#![no_main]

use libfuzzer_sys::fuzz_target;
use outpost_model::admission::PageIndex;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{DeviceId, PageId, TenantId};
use outpost_model::page::Page;
use std::sync::LazyLock;

static HEADER: LazyLock<Header> = LazyLock::new(|| {
    // The page of the published changes.
    let order = PageId::parse("01a0ffeb-3600-7101-8101-010101010101").expect("an id");
    Header::new(TenantId::parse("acme").expect("a code"), Subject::Order { id: order })
});

fuzz_target!(|bytes: &[u8]| {
    let index = PageIndex::new(HEADER.clone());
    let device = DeviceId::parse("d-1").expect("a code");
    if let Ok(examined) = index.examine(bytes, &device) {
        let page = Page::begin(HEADER.clone()).apply_checked(&[examined.raw()]).expect("what was examined applies");
        Page::load(HEADER.clone(), &page.snapshot(), &page.heads()).expect("what was saved loads");
    }
});
