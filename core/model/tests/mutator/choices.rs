//! Where a mutant's choices come from: a seed, or the bytes of a fuzzer.

pub enum Choices<'a> {
    Seeded(u64),
    Given(&'a [u8]),
}

impl Choices<'_> {
    /// Any number; 0 once a fuzzer's bytes are used up.
    pub fn number(&mut self) -> u64 {
        match self {
            // SplitMix64.
            Choices::Seeded(state) => {
                *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mut z = *state;
                z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                z ^ (z >> 31)
            }
            Choices::Given(bytes) => {
                let (head, rest) = bytes.split_at(bytes.len().min(2));
                *bytes = rest;
                head.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
            }
        }
    }

    pub fn byte(&mut self) -> u8 {
        self.number() as u8
    }

    /// Below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    pub fn one_in(&mut self, odds: usize) -> bool {
        self.below(odds) == 0
    }

    pub fn pick<'b, T>(&mut self, from: &'b [T]) -> &'b T {
        &from[self.below(from.len())]
    }
}
