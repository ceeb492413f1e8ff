//! A frame that shows whether it came as it was sent. Where no TLS stands around it, a byte that flips on its way can
//! turn "not yet" into "admitted", and what was never stored would be let go of.
//!
//! A frame with a check has a sum over all bytes before it as the last field of its outermost map (key 23), or of its
//! variant. Sides that don't know it skip it. That it is there is said by the first byte, a count in its long form,
//! which no other frame has: so the check can't be mangled away, and a frame of an older side is read without one.

use super::frame;
use crate::id::Hash;
use minicbor::Encode;

/// A map, and an array, whose count stands in a byte of its own.
const LONG_MAP: u8 = 0xb8;
const LONG_ARRAY: u8 = 0x98;
const KEY: u8 = 23;
/// Eight bytes follow.
const SUM: u8 = 0x48;

fn sum(bytes: &[u8]) -> [u8; 8] {
    let Hash(hash) = Hash::of(bytes);
    std::array::from_fn(|at| hash[at])
}

/// The frame with its check.
pub fn checked_frame<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = frame(value);
    match bytes[..] {
        [map @ 0xa0..=0xb6, ..] => {
            bytes.splice(..1, [LONG_MAP, (map & 0x1f) + 1]);
            bytes.push(KEY);
        }
        // A variant: its number, then its fields.
        [0x82, 0..KEY, fields @ 0x80..=0x96, ..] => {
            bytes[2] = fields + 1;
            bytes.splice(..1, [LONG_ARRAY, 2]);
        }
        _ => unreachable!("frames are maps and variants of few fields"),
    }
    bytes.push(SUM);
    let sum = sum(&bytes);
    bytes.extend(sum);
    bytes
}

/// Whether the frame came as it was sent, as far as it has a check.
pub fn is_intact(bytes: &[u8]) -> bool {
    match bytes {
        [LONG_MAP | LONG_ARRAY, 0..=KEY, ..] => bytes.split_last_chunk().is_some_and(|(all, said)| sum(all) == *said),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BroughtBack, DrillReply, Sum, parse_frame};
    use super::*;

    #[test]
    fn a_check_is_skipped_by_whoever_does_not_know_it_and_no_flipped_byte_passes_it() {
        fn holds<T: Encode<()> + PartialEq + std::fmt::Debug>(value: &T, read: fn(&[u8]) -> Option<T>) {
            let bytes = checked_frame(value);
            assert!(is_intact(&bytes) && read(&bytes).as_ref() == Some(value));
            assert!(is_intact(&frame(value)), "a frame of an older side has none");
            for at in 0..bytes.len() {
                for flip in 1..=u8::MAX {
                    let mut mangled = bytes.clone();
                    mangled[at] ^= flip;
                    assert!(!is_intact(&mangled) || read(&mangled).is_none(), "byte {at} by {flip:#x}");
                }
            }
            (0..bytes.len()).for_each(|end| assert!(!is_intact(&bytes[..end]) || read(&bytes[..end]).is_none()));
        }
        holds(&BroughtBack { verdicts: vec![] }, |bytes| parse_frame(bytes).ok());
        holds(&DrillReply::Buckets(vec![Sum(7), Sum(9)]), |bytes| parse_frame(bytes).ok());
    }
}
