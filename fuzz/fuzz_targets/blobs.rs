//! Files: what the bytes are doesn't depend on the pieces in which they come.

#![no_main]

use libfuzzer_sys::fuzz_target;
use outpost_model::blob::{BlobKind, Look};

fuzz_target!(|bytes: &[u8]| {
    let Some((cut, bytes)) = bytes.split_first() else { return };
    let (mut look, step) = (Look::default(), usize::from(*cut) + 1);
    bytes.chunks(step).for_each(|piece| look.at(piece));
    assert_eq!(look.kind(), BlobKind::of(bytes));
});
