//! What the heads of tus requests say.

use crate::http::problem::Problem;
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use outpost_model::id::{Hash, PageId};
use outpost_model::problem::Code;
use sha1::Sha1;
use sha2::{Digest, Sha256};

pub(super) const VERSION: &str = "1.0.0";
pub(super) const ALGORITHMS: &str = "sha1,sha256";

fn bad(what: &str) -> Problem {
    Problem::new(Code::BadRequest, what)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

/// Every request but OPTIONS says which tus it speaks.
pub(super) fn check_version(headers: &HeaderMap) -> Result<(), Problem> {
    if text(headers, "tus-resumable") == Some(VERSION) { Ok(()) } else { Err(Problem::of(Code::UploadVersion)) }
}

fn number(headers: &HeaderMap, name: &str) -> Result<u64, Problem> {
    let number = text(headers, name).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    number.and_then(|text| text.parse().ok()).ok_or(bad(&format!("{name} is a whole number of bytes")))
}

pub(super) fn length(headers: &HeaderMap) -> Result<u64, Problem> {
    number(headers, "upload-length")
}

pub(super) fn offset(headers: &HeaderMap) -> Result<u64, Problem> {
    number(headers, "upload-offset")
}

/// What `Upload-Metadata` says of a file: `sha256` and `page` are needed; names and types are nobody's business here.
pub(super) fn named(headers: &HeaderMap) -> Result<(Hash, PageId), Problem> {
    let metadata = text(headers, "upload-metadata").unwrap_or_default();
    let value = |key: &str| {
        let mut pairs = metadata.split(',').filter_map(|pair| pair.trim().split_once(' '));
        let (_, value) = pairs.find(|(name, _)| *name == key)?;
        String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()
    };
    let blob = value("sha256").and_then(|text| Hash::parse(&text).ok());
    let page = value("page").and_then(|text| PageId::parse(&text).ok());
    Ok((
        blob.ok_or(bad("Upload-Metadata names the file's sha256: 64 hexadecimal digits, lower case, in Base64"))?,
        page.ok_or(bad("Upload-Metadata names the page that the file belongs to: its id in Base64"))?,
    ))
}

/// The sum that a piece must have.
#[derive(Clone)]
pub(super) enum Checksum {
    Sha1(Sha1, Vec<u8>),
    Sha256(Sha256, Vec<u8>),
}

impl Checksum {
    pub fn stated(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let Some(stated) = text(headers, "upload-checksum") else { return Ok(None) };
        let (algorithm, sum) = stated.split_once(' ').unwrap_or((stated, ""));
        let sum =
            STANDARD.decode(sum.trim()).map_err(|_| bad("Upload-Checksum is an algorithm and a sum in Base64"))?;
        match algorithm {
            "sha1" => Ok(Some(Self::Sha1(Sha1::new(), sum))),
            "sha256" => Ok(Some(Self::Sha256(Sha256::new(), sum))),
            _ => Err(bad("Upload-Checksum is sha1 or sha256")),
        }
    }

    pub fn at(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hash, _) => Digest::update(hash, bytes),
            Self::Sha256(hash, _) => Digest::update(hash, bytes),
        }
    }

    pub fn holds(self) -> bool {
        match self {
            Self::Sha1(hash, stated) => hash.finalize()[..] == stated[..],
            Self::Sha256(hash, stated) => hash.finalize()[..] == stated[..],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn head(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn metadata_names_a_file_and_its_page() {
        let (hash, page) = (Hash::of(b"x"), PageId::derived(&["page"]));
        let encode = |text: String| STANDARD.encode(text);
        let both = format!("name , sha256 {},page {}", encode(hash.to_string()), encode(page.to_string()));
        assert_eq!(named(&head("upload-metadata", &both)).unwrap(), (hash, page));
        for less in ["", "sha256 x", "sha256 eA==", &format!("sha256 {}", encode(hash.to_string()))] {
            assert_eq!(named(&head("upload-metadata", less)).unwrap_err().code, Code::BadRequest, "{less}");
        }
    }

    #[test]
    fn numbers_are_whole() {
        assert_eq!(length(&head("upload-length", "20971520")).unwrap(), 20 << 20);
        for wrong in ["", "-1", "+1", "1.5", "0x10", "99999999999999999999"] {
            assert!(length(&head("upload-length", wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_checksum_holds_or_not() {
        let mut sum = Checksum::stated(&head("upload-checksum", "sha1 Lve95gjOVATpfV8EL5X4nxwjKHE=")).unwrap().unwrap();
        let other = sum.clone();
        sum.at(b"Hello ");
        sum.at(b"World!");
        assert!(sum.holds() && !other.holds());
        assert!(Checksum::stated(&head("upload-checksum", "md5 x")).is_err());
        assert!(Checksum::stated(&HeaderMap::new()).unwrap().is_none());
    }
}
