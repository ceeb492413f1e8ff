//! Compression of frames: zstd, gzip or none. What comes in is never unpacked further than the limit, however small
//! it looked; what goes out is packed where that saves something.

use super::problem::Problem;
use axum::http::{HeaderMap, HeaderValue, header};
use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};
use outpost_model::problem::Code;
use std::io::Read;

/// Below this, packing saves less than it costs.
const WORTH_PACKING: usize = 400;
const ZSTD_LEVEL: i32 = 3;
/// Largest window that a zstd frame may ask for: 8 MiB, whatever its header says.
const WINDOW_LOG: u32 = 23;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Zstd,
}

impl Encoding {
    fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// How the body came.
    pub fn of_body(headers: &HeaderMap) -> Result<Self, Problem> {
        let Some(value) = headers.get(header::CONTENT_ENCODING) else { return Ok(Self::Identity) };
        match value.to_str().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Ok(Self::Identity),
            "gzip" => Ok(Self::Gzip),
            "zstd" => Ok(Self::Zstd),
            _ => Err(Problem::new(Code::MalformedFrame, "Content-Encoding is zstd, gzip or identity")),
        }
    }

    /// What the caller reads best.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let all = headers.get_all(header::ACCEPT_ENCODING);
        let tokens = all.iter().filter_map(|value| value.to_str().ok()).flat_map(|list| list.split(','));
        let mut best = Self::Identity;
        for token in tokens {
            let (name, quality) = token.split_once(';').unwrap_or((token, ""));
            let is_refused = matches!(quality.trim().replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
            match name.trim().to_ascii_lowercase().as_str() {
                _ if is_refused => {}
                "zstd" => best = Self::Zstd,
                "gzip" if best == Self::Identity => best = Self::Gzip,
                _ => {}
            }
        }
        best
    }

    /// Unpacks at most `limit` bytes; more is refused without unpacking it.
    pub fn unpack(self, bytes: &[u8], limit: usize) -> Result<Vec<u8>, Problem> {
        let broken = |_| Problem::new(Code::MalformedFrame, format!("the body isn't {}", self.name()));
        let unpacked = match self {
            Self::Identity => bytes.to_vec(),
            Self::Gzip => read_bounded(GzDecoder::new(bytes), limit).map_err(broken)?,
            Self::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes).map_err(broken)?;
                decoder.window_log_max(WINDOW_LOG).map_err(broken)?;
                read_bounded(decoder, limit).map_err(broken)?
            }
        };
        if unpacked.len() > limit { Err(Problem::of(Code::TooLarge)) } else { Ok(unpacked) }
    }

    /// Packs a body, and names how; one that packing wouldn't shorten stays as it is.
    pub fn pack(self, bytes: Vec<u8>) -> (Vec<u8>, Option<HeaderValue>) {
        if bytes.len() <= WORTH_PACKING {
            return (bytes, None);
        }
        let packed = match self {
            Self::Identity => None,
            Self::Gzip => read_bounded(GzEncoder::new(bytes.as_slice(), Compression::default()), bytes.len()).ok(),
            Self::Zstd => zstd::bulk::compress(&bytes, ZSTD_LEVEL).ok(),
        };
        match packed.filter(|packed| packed.len() < bytes.len()) {
            Some(packed) => (packed, Some(HeaderValue::from_static(self.name()))),
            None => (bytes, None),
        }
    }
}

fn read_bounded(source: impl Read, limit: usize) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    source.take(limit as u64 + 1).read_to_end(&mut out)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_unpacks_and_bombs_stop_at_the_limit() {
        let text = b"outpost ".repeat(200);
        for encoding in [Encoding::Zstd, Encoding::Gzip] {
            let (packed, name) = encoding.pack(text.clone());
            assert!(name.is_some() && packed.len() < 200);
            assert_eq!(encoding.unpack(&packed, text.len()).unwrap(), text);
            assert_eq!(encoding.unpack(&packed, text.len() - 1).unwrap_err().code, Code::TooLarge);
            assert_eq!(encoding.unpack(b"nonsense", 100).unwrap_err().code, Code::MalformedFrame);
        }
        assert_eq!(Encoding::Zstd.pack(vec![0; 400]).1, None);
    }

    #[test]
    fn the_best_encoding_that_is_accepted_is_used() {
        let accepted = |value: &'static str| {
            Encoding::accepted(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]))
        };
        assert_eq!(accepted("gzip, zstd"), Encoding::Zstd);
        assert_eq!(accepted("gzip, zstd;q=0"), Encoding::Gzip);
        assert_eq!(accepted("br"), Encoding::Identity);
    }
}
