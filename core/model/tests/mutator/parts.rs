//! A change taken apart, down to its columns, so that a test can put it together wrongly, with a checksum that fits.

use sha2::{Digest, Sha256};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    pub chunk: u8,
    pub deps: Vec<[u8; 32]>,
    pub actor: Vec<u8>,
    pub seq: u64,
    pub start_op: u64,
    pub time: i64,
    pub message: Vec<u8>,
    pub others: Vec<Vec<u8>>,
    /// Column numbers and bytes.
    pub columns: Vec<(u64, Vec<u8>)>,
    pub footer: Vec<u8>,
}

pub const OBJ_ACTOR: u64 = 0x01;
pub const OBJ_OP: u64 = 0x02;
pub const KEY: u64 = 0x15;
pub const INSERT: u64 = 0x34;
pub const ACTION: u64 = 0x42;
pub const VALUE_KIND: u64 = 0x56;
pub const VALUE: u64 = 0x57;
pub const PRED_COUNT: u64 = 0x70;
pub const PRED_ACTOR: u64 = 0x71;
pub const PRED_OP: u64 = 0x73;

impl Parts {
    /// Takes apart a change that is in order.
    pub fn of(raw: &[u8]) -> Self {
        Self::try_of(raw).expect("a change in order")
    }

    /// Takes apart what has the outline of a change.
    pub fn try_of(raw: &[u8]) -> Option<Self> {
        let mut at = Cursor(raw.get(8..)?);
        let chunk = at.take(1)?[0];
        at.unsigned()?;
        let deps = (0..at.count()?).map(|_| at.take(32)?.try_into().ok()).collect::<Option<_>>()?;
        let actor = at.prefixed()?;
        let (seq, start_op, time) = (at.unsigned()?, at.unsigned()?, at.signed()?);
        let message = at.prefixed()?;
        let others = (0..at.count()?).map(|_| at.prefixed()).collect::<Option<_>>()?;
        let lengths = (0..at.count()?).map(|_| Some((at.unsigned()?, at.count()?))).collect::<Option<Vec<_>>>()?;
        let columns = lengths.into_iter().map(|(number, length)| Some((number, at.take(length)?.to_vec())));
        let columns = columns.collect::<Option<_>>()?;
        Some(Self { chunk, deps, actor, seq, start_op, time, message, others, columns, footer: at.0.to_vec() })
    }

    pub fn column(&mut self, number: u64) -> &mut Vec<u8> {
        if !self.columns.iter().any(|(known, _)| *known == number) {
            let place = self.columns.iter().position(|(known, _)| *known > number).unwrap_or(self.columns.len());
            self.columns.insert(place, (number, Vec::new()));
        }
        &mut self.columns.iter_mut().find(|(known, _)| *known == number).unwrap().1
    }

    pub fn body(&self) -> Vec<u8> {
        let mut out = Vec::new();
        unsigned(&mut out, self.deps.len() as u64);
        self.deps.iter().for_each(|dep| out.extend(dep));
        prefixed(&mut out, &self.actor);
        unsigned(&mut out, self.seq);
        unsigned(&mut out, self.start_op);
        signed(&mut out, self.time);
        prefixed(&mut out, &self.message);
        unsigned(&mut out, self.others.len() as u64);
        self.others.iter().for_each(|other| prefixed(&mut out, other));
        unsigned(&mut out, self.columns.len() as u64);
        for (number, column) in &self.columns {
            unsigned(&mut out, *number);
            unsigned(&mut out, column.len() as u64);
        }
        self.columns.iter().for_each(|(_, column)| out.extend(column));
        out.extend(&self.footer);
        out
    }

    pub fn encode(&self) -> Vec<u8> {
        chunk(self.chunk, &self.body())
    }
}

/// Any body as a chunk whose checksum fits.
pub fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut hashed = vec![kind];
    unsigned(&mut hashed, body.len() as u64);
    hashed.extend(body);
    seal(&hashed)
}

/// Sets the checksum of everything after it.
pub fn seal(hashed: &[u8]) -> Vec<u8> {
    let mut raw = vec![0x85, 0x6f, 0x4a, 0x83];
    raw.extend(&Sha256::digest(hashed)[..4]);
    raw.extend(hashed);
    raw
}

pub fn unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub fn signed(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let (low, rest) = (value as u8 & 0x7f, value >> 7);
        if (rest == 0 && low & 0x40 == 0) || (rest == -1 && low & 0x40 != 0) {
            return out.push(low);
        }
        out.push(low | 0x80);
        value = rest;
    }
}

pub fn prefixed(out: &mut Vec<u8>, bytes: &[u8]) {
    unsigned(out, bytes.len() as u64);
    out.extend(bytes);
}

/// A run: `count` times the number.
pub fn run(count: i64, value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    signed(&mut out, count);
    unsigned(&mut out, value);
    out
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }
    fn prefixed(&mut self) -> Option<Vec<u8>> {
        let length = self.count()?;
        self.take(length).map(<[u8]>::to_vec)
    }
    /// A number of things of which each takes a byte or more.
    fn count(&mut self) -> Option<usize> {
        let count = self.unsigned()? as usize;
        (count <= self.0.len()).then_some(count)
    }
    fn unsigned(&mut self) -> Option<u64> {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
    }
    fn signed(&mut self) -> Option<i64> {
        let (mut value, mut shift) = (0_i64, 0);
        loop {
            let byte = self.take(1)?[0];
            value |= i64::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                let negative = byte & 0x40 != 0 && shift < 64;
                return Some(if negative { value | (-1 << shift) } else { value });
            }
        }
    }
}
