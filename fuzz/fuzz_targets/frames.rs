//! Frames of the wire: whatever parses is spelled one way, and means the same when it is read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use outpost_model::wire::{Drill, DrillReply, SyncReply, SyncRequest, frame, parse_frame};

macro_rules! same_again {
    ($type:ty, $bytes:expr) => {
        if let Ok(read) = parse_frame::<$type>($bytes) {
            let spelled = frame(&read);
            assert_eq!(parse_frame::<$type>(&spelled).expect("what was written can be read"), read);
        }
    };
}

fuzz_target!(|bytes: &[u8]| {
    same_again!(SyncRequest, bytes);
    same_again!(SyncReply, bytes);
    same_again!(Drill, bytes);
    same_again!(DrillReply, bytes);
});
