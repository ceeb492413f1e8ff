//! Requests and answers as plain values: what goes out in a call, what comes back, and how bodies are compressed.

use crate::report::Problem;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
}

/// A request to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Value of `content-encoding`, empty if there was none.
    pub encoding: String,
    pub body: Vec<u8>,
}

/// The tus that is spoken.
const TUS: &str = "1.0.0";
/// Under this size compression costs more than it saves.
const WORTH_COMPRESSING: usize = 400;
/// Larger than any answer, after decompression.
const MAX_ANSWER: usize = 64 << 20;

impl Call {
    pub(super) fn json(path: &str, body: &impl serde::Serialize) -> Self {
        Self {
            method: Method::Post,
            path: path.to_owned(),
            headers: vec![("content-type", "application/json".to_owned())],
            body: serde_json::to_vec(body).unwrap_or_default(),
        }
    }

    pub(super) fn cbor(path: &str, body: Vec<u8>, token: &str) -> Self {
        let (encoding, body) = compress(body);
        let mut headers = vec![("content-type", "application/cbor".to_owned())];
        headers.extend(encoding.map(|encoding| ("content-encoding", encoding.to_owned())));
        if cfg!(feature = "zstd") {
            headers.push(("accept-encoding", "zstd".to_owned()));
        }
        headers.push(authorization(token));
        Self { method: Method::Post, path: path.to_owned(), headers, body }
    }

    /// A frame that proves by itself who sends it.
    pub(super) fn proved(path: &str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type", "application/cbor".to_owned())];
        Self { method: Method::Post, path: path.to_owned(), headers, body }
    }

    pub(super) fn get(path: String, token: &str) -> Self {
        Self { method: Method::Get, path, headers: vec![authorization(token)], body: Vec::new() }
    }

    /// Begins an upload by tus, or finds the one that was begun.
    pub(super) fn upload(metadata: String, length: u64, token: &str) -> Self {
        let headers = vec![
            ("tus-resumable", TUS.to_owned()),
            ("upload-length", length.to_string()),
            ("upload-metadata", metadata),
            authorization(token),
        ];
        Self { method: Method::Post, path: "/v1/uploads".to_owned(), headers, body: Vec::new() }
    }

    /// Goes on with an upload.
    pub(super) fn piece(upload: &str, offset: u64, body: Vec<u8>, token: &str) -> Self {
        let headers = vec![
            ("tus-resumable", TUS.to_owned()),
            ("content-type", "application/offset+octet-stream".to_owned()),
            ("upload-offset", offset.to_string()),
            authorization(token),
        ];
        Self { method: Method::Patch, path: format!("/v1/uploads/{upload}"), headers, body }
    }

    pub(super) fn file(path: String, body: Vec<u8>, token: &str) -> Self {
        let headers = vec![("content-type", "application/octet-stream".to_owned()), authorization(token)];
        Self { method: Method::Put, path, headers, body }
    }
}

fn authorization(token: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {token}"))
}

#[cfg(feature = "zstd")]
fn compress(body: Vec<u8>) -> (Option<&'static str>, Vec<u8>) {
    if body.len() > WORTH_COMPRESSING
        && let Ok(smaller) = zstd::bulk::compress(&body, 3)
    {
        return (Some("zstd"), smaller);
    }
    (None, body)
}

#[cfg(not(feature = "zstd"))]
fn compress(body: Vec<u8>) -> (Option<&'static str>, Vec<u8>) {
    let _ = WORTH_COMPRESSING;
    (None, body)
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(super) fn decoded(self) -> Result<Vec<u8>, String> {
        match self.encoding.as_str() {
            "" | "identity" => Ok(self.body),
            #[cfg(feature = "zstd")]
            "zstd" => decompress(&self.body),
            other => Err(format!("an answer in the encoding `{other}`")),
        }
    }

    /// The problem that it tells; a proxy's page has none, so its status must do.
    pub(super) fn problem(self) -> Problem {
        let status = self.status;
        let told = self.decoded().ok().and_then(|body| serde_json::from_slice::<Problem>(&body).ok());
        Problem { status, ..told.unwrap_or_default() }
    }
}

#[cfg(feature = "zstd")]
fn decompress(body: &[u8]) -> Result<Vec<u8>, String> {
    use std::io::Read;
    let decoder = zstd::stream::read::Decoder::new(body).map_err(|trouble| trouble.to_string())?;
    let mut plain = Vec::new();
    decoder.take(MAX_ANSWER as u64 + 1).read_to_end(&mut plain).map_err(|trouble| trouble.to_string())?;
    if plain.len() > MAX_ANSWER { Err("an answer without end".to_owned()) } else { Ok(plain) }
}

#[cfg(not(feature = "zstd"))]
const _: usize = MAX_ANSWER;
