//! What a file may be that an entry names: a photo, or the strokes of a signature. The bytes say it, never a name or a
//! header, and each kind has its largest size.
//!
//! Bytes come in pieces, as they do from a network; nothing is kept of them but how they began.

/// The largest file of any kind: more than a phone's camera makes.
pub const MAX_BLOB: u64 = 32 << 20;
/// The longest strokes: a signature of many minutes.
pub const MAX_STROKES: u64 = 256 << 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BlobKind {
    Jpeg,
    Png,
    Webp,
    /// An SVG path, in letters and numbers; nothing where a name was typed instead.
    Strokes,
}

impl BlobKind {
    pub const fn media_type(self) -> &'static str {
        match self {
            BlobKind::Jpeg => "image/jpeg",
            BlobKind::Png => "image/png",
            BlobKind::Webp => "image/webp",
            BlobKind::Strokes => "text/plain; charset=us-ascii",
        }
    }

    /// Under which a store keeps it.
    pub const fn number(self) -> u8 {
        match self {
            BlobKind::Jpeg => 1,
            BlobKind::Png => 2,
            BlobKind::Webp => 3,
            BlobKind::Strokes => 4,
        }
    }

    pub const fn of_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(BlobKind::Jpeg),
            2 => Some(BlobKind::Png),
            3 => Some(BlobKind::Webp),
            4 => Some(BlobKind::Strokes),
            _ => None,
        }
    }

    pub const fn largest(self) -> u64 {
        match self {
            BlobKind::Jpeg | BlobKind::Png | BlobKind::Webp => MAX_BLOB,
            BlobKind::Strokes => MAX_STROKES,
        }
    }

    /// What these bytes are, all of them.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let mut look = Look::default();
        look.at(bytes);
        look.kind()
    }
}

/// So many bytes tell a picture.
const START: usize = 12;

/// Looks at a file piece by piece.
#[derive(Debug, Clone, Default)]
pub struct Look {
    start: Vec<u8>,
    seen: u64,
    /// Something was there that no path holds.
    beyond_path: bool,
}

impl Look {
    pub fn at(&mut self, bytes: &[u8]) {
        let room = START.saturating_sub(self.start.len());
        self.start.extend_from_slice(&bytes[..room.min(bytes.len())]);
        self.seen += bytes.len() as u64;
        self.beyond_path = self.beyond_path || !bytes.iter().all(|byte| is_of_a_path(*byte));
    }

    /// What it is, if it ended here; none for what isn't taken, for its kind or its size.
    pub fn kind(&self) -> Option<BlobKind> {
        let kind = match self.start.as_slice() {
            [0xff, 0xd8, 0xff, ..] => BlobKind::Jpeg,
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => BlobKind::Png,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P'] => BlobKind::Webp,
            _ if !self.beyond_path => BlobKind::Strokes,
            _ => return None,
        };
        (self.seen <= kind.largest()).then_some(kind)
    }
}

fn is_of_a_path(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_whitespace() || b"MmLlHhVvCcSsQqTtAaZz.,+-eE".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_say_what_a_file_is() {
        for (bytes, kind) in [
            (&b"\xff\xd8\xff\xe0 and so on"[..], Some(BlobKind::Jpeg)),
            (b"\x89PNG\r\n\x1a\n and so on", Some(BlobKind::Png)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some(BlobKind::Webp)),
            (b"M10 20 l12 -9.5 4,22\nC1 2 3 4 5e-1 6Z", Some(BlobKind::Strokes)),
            (b"", Some(BlobKind::Strokes)),
            (b"<svg onload=alert(1)>", None),
            (b"%PDF-1.7", None),
            (b"RIFF\x10\0\0\0WAVEfmt ", None),
            (b"\xff\xd8", None),
        ] {
            assert_eq!(BlobKind::of(bytes), kind, "{bytes:?}");
            let mut look = Look::default();
            bytes.chunks(3).for_each(|piece| look.at(piece));
            assert_eq!(look.kind(), kind, "{bytes:?} in pieces");
        }
    }

    #[test]
    fn each_kind_has_its_largest_size() {
        let mut look = Look::default();
        look.at(&vec![b'1'; MAX_STROKES as usize]);
        assert_eq!(look.kind(), Some(BlobKind::Strokes));
        look.at(b"1");
        assert_eq!(look.kind(), None);
    }

    #[test]
    fn a_kind_is_kept_under_its_number() {
        for kind in [BlobKind::Jpeg, BlobKind::Png, BlobKind::Webp, BlobKind::Strokes] {
            assert_eq!(BlobKind::of_number(kind.number()), Some(kind));
        }
        assert_eq!(BlobKind::of_number(0), None);
    }
}
