//! A cursor over bytes from outside. It allocates nothing, and takes numbers in their shortest spelling only.

use super::refusal::{Refusal, RefusalCode};

pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

pub(super) fn malformed(detail: &str) -> Refusal {
    Refusal::new(RefusalCode::Malformed, detail)
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Refusal> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(|| malformed("ends early"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or_else(|| malformed("ends early"))?;
        self.rest = rest;
        Ok(*taken)
    }

    fn byte(&mut self) -> Result<u8, Refusal> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    /// An unsigned LEB128 number.
    pub(super) fn number(&mut self) -> Result<u64, Refusal> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte > 1 {
                return Err(malformed("a number beyond 64 bits"));
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return if byte == 0 && shift > 0 { Err(malformed("a padded number")) } else { Ok(value) };
            }
        }
        Err(malformed("a number beyond 64 bits"))
    }

    /// A signed LEB128 number.
    pub(super) fn signed(&mut self) -> Result<i64, Refusal> {
        let (mut value, mut before) = (0, 0);
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte != 0 && byte != 0x7f {
                return Err(malformed("a number beyond 64 bits"));
            }
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let padding = if before & 0x40 == 0 { 0 } else { 0x7f };
                if shift > 0 && byte == padding {
                    return Err(malformed("a padded number"));
                }
                let negative = byte & 0x40 != 0 && shift + 7 < 64;
                return Ok(if negative { value | (-1 << (shift + 7)) } else { value });
            }
            before = byte;
        }
        Err(malformed("a number beyond 64 bits"))
    }

    /// A number that counts or measures something of which there may be at most `most`.
    pub(super) fn up_to(&mut self, most: usize, code: RefusalCode) -> Result<usize, Refusal> {
        let number = self.number()?;
        usize::try_from(number).ok().filter(|n| *n <= most).ok_or_else(|| Refusal::new(code, format!("{number}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling_and_an_end() {
        let number = |bytes: &[u8]| Reader::new(bytes).number().ok();
        assert_eq!(number(&[0x80, 1]), Some(128));
        assert_eq!(number(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]), Some(u64::MAX));
        for bad in [&[0x80, 0][..], &[0x80], &[], &[0xff; 10], &[0xff; 12]] {
            assert_eq!(number(bad), None, "{bad:?}");
        }
        let signed = |bytes: &[u8]| Reader::new(bytes).signed().ok();
        assert_eq!(signed(&[0x7f]), Some(-1));
        assert_eq!(signed(&[0x80, 0x7f]), Some(-128));
        assert_eq!(signed(&[0xc0, 0]), Some(64));
        assert_eq!(signed(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]), Some(i64::MIN));
        for bad in [&[0xff, 0x7f][..], &[0x80, 0], &[0xff; 10], &[0x80]] {
            assert_eq!(signed(bad), None, "{bad:?}");
        }
    }
}
