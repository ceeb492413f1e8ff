//! What is in a file: chunks that copies share until one of them is written to.

use std::sync::Arc;

const CHUNK: usize = 4096;

#[derive(Clone, Default)]
pub struct Content {
    chunks: Vec<Arc<[u8; CHUNK]>>,
    len: usize,
}

impl Content {
    pub fn len(&self) -> usize {
        self.len
    }

    /// Fills the buffer; what lies beyond the end is zero. Says how much was there.
    pub fn read(&self, at: usize, into: &mut [u8]) -> usize {
        let there = self.len.saturating_sub(at).min(into.len());
        let mut done = 0;
        while done < there {
            let (chunk, from) = ((at + done) / CHUNK, (at + done) % CHUNK);
            let part = (CHUNK - from).min(there - done);
            into[done..done + part].copy_from_slice(&self.chunks[chunk][from..from + part]);
            done += part;
        }
        into[there..].fill(0);
        there
    }

    pub fn write(&mut self, at: usize, data: &[u8]) {
        if at + data.len() > self.len {
            self.resize(at + data.len());
        }
        let mut done = 0;
        while done < data.len() {
            let (chunk, from) = ((at + done) / CHUNK, (at + done) % CHUNK);
            let part = (CHUNK - from).min(data.len() - done);
            Arc::make_mut(&mut self.chunks[chunk])[from..from + part].copy_from_slice(&data[done..done + part]);
            done += part;
        }
    }

    pub fn resize(&mut self, len: usize) {
        if len < self.len {
            self.chunks.truncate(len.div_ceil(CHUNK));
            // What comes back after the end is zero again.
            if !len.is_multiple_of(CHUNK) {
                Arc::make_mut(&mut self.chunks[len / CHUNK])[len % CHUNK..].fill(0);
            }
        }
        while self.chunks.len() < len.div_ceil(CHUNK) {
            self.chunks.push(Arc::new([0; CHUNK]));
        }
        self.len = len;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_between_and_beyond_is_zero() {
        let mut content = Content::default();
        content.write(5_000, b"end");
        let copy = content.clone();
        content.write(4_095, b"xy");
        content.resize(4_096);
        content.resize(4_200);
        let mut read = [9; 4];
        assert_eq!(content.read(4_094, &mut read), 4);
        assert_eq!(read, [0, b'x', 0, 0]);
        assert_eq!(content.read(4_199, &mut read), 1);
        let mut read = [9; 3];
        assert_eq!((copy.read(5_000, &mut read), &read), (3, b"end"));
    }
}
