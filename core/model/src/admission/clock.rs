//! A vector clock over a page's actors, in the order in which they first came: how far into each actor's changes
//! a change sees. Clocks share what they have in common, so that a page of ten thousand changes stays small even
//! when its writers take turns.

use std::sync::Arc;

const CHUNK: usize = 64;

#[derive(Debug, Clone, Default)]
pub(super) struct Clock {
    chunks: Vec<Arc<[u32]>>,
}

impl Clock {
    /// The last sequence number of that actor that is seen; 0 for none.
    pub(super) fn seen(&self, actor: usize) -> u32 {
        self.chunks.get(actor / CHUNK).and_then(|chunk| chunk.get(actor % CHUNK)).copied().unwrap_or(0)
    }

    pub(super) fn raise(&mut self, actor: usize, seq: u32) {
        if self.seen(actor) >= seq {
            return;
        }
        let (chunk, place) = (actor / CHUNK, actor % CHUNK);
        if self.chunks.len() <= chunk {
            self.chunks.resize_with(chunk + 1, || Arc::from([]));
        }
        let mut wider = self.chunks[chunk].to_vec();
        wider.resize(wider.len().max(place + 1), 0);
        wider[place] = seq;
        self.chunks[chunk] = wider.into();
    }

    /// Sees all that `other` sees, too.
    pub(super) fn join(&mut self, other: &Self) {
        for (place, theirs) in other.chunks.iter().enumerate() {
            match self.chunks.get_mut(place) {
                None => self.chunks.push(theirs.clone()),
                Some(ours) if Arc::ptr_eq(ours, theirs) => {}
                Some(ours) => *ours = highest(ours, theirs),
            }
        }
    }
}

/// The higher of each, reusing either side when it is the answer.
fn highest(ours: &Arc<[u32]>, theirs: &Arc<[u32]>) -> Arc<[u32]> {
    let covers = |a: &[u32], b: &[u32]| a.len() >= b.len() && a.iter().zip(b).all(|(a, b)| a >= b);
    if covers(ours, theirs) {
        return ours.clone();
    }
    if covers(theirs, ours) {
        return theirs.clone();
    }
    let at = |side: &[u32], place: usize| side.get(place).copied().unwrap_or(0);
    (0..ours.len().max(theirs.len())).map(|place| at(ours, place).max(at(theirs, place))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_joined_clock_sees_what_either_saw() {
        let (mut a, mut b) = (Clock::default(), Clock::default());
        a.raise(0, 3);
        a.raise(130, 2);
        b.raise(0, 1);
        b.raise(5, 7);
        a.join(&b);
        assert_eq!([0, 5, 130, 131, 4_000].map(|actor| a.seen(actor)), [3, 7, 2, 0, 0]);
        b.join(&a);
        assert_eq!([0, 5, 130].map(|actor| b.seen(actor)), [3, 7, 2]);
    }
}
