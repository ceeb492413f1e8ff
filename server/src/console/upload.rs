//! A form with one file in it, as browsers send it: `multipart/form-data`, whole and bounded. Like a `Filed`, it has the
//! proof that a page of ours sent it.

use super::visit::Visitor;
use crate::auth::secret::same;
use crate::http::{Gateway, Problem, refuse_strangers};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use outpost_model::problem::Code;
use std::sync::Arc;

pub struct Uploaded {
    pub visitor: Visitor,
    /// The bytes of the field `file`; none where nothing was chosen.
    pub file: Vec<u8>,
}

impl FromRequest<Arc<Gateway>> for Uploaded {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Arc<Gateway>) -> Result<Self, Problem> {
        refuse_strangers(request.headers())?;
        let (parts, body) = request.into_parts();
        let visitor = Visitor::of(&parts, gateway).await?;
        let boundary = boundary(&parts.headers).ok_or(Problem::of(Code::BadRequest))?;
        let bytes = Bytes::from_request(Request::from_parts(parts, body), gateway).await;
        let bytes = bytes.map_err(|_| Problem::of(Code::TooLarge))?;
        let fields = split(&bytes, &boundary).ok_or(Problem::of(Code::BadRequest))?;
        let field = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
        let proof = std::str::from_utf8(field("csrf").unwrap_or_default()).unwrap_or_default();
        if !same(proof, &visitor.csrf()) {
            return Err(Problem::of(Code::CsrfInvalid));
        }
        Ok(Self { visitor, file: field("file").unwrap_or_default().to_vec() })
    }
}

fn boundary(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let rest = kind.strip_prefix("multipart/form-data")?;
    let named = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    let named = named.trim_matches('"');
    (1..=70).contains(&named.len()).then(|| named.to_owned())
}

/// Name and bytes of each field. None where the body doesn't hold together.
fn split<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<(String, &'a [u8])>> {
    let between = format!("\r\n--{boundary}").into_bytes();
    let mut rest = body.strip_prefix(&between[2..])?;
    let mut fields = Vec::new();
    while !rest.starts_with(b"--") {
        let part = rest.strip_prefix(b"\r\n")?;
        let head_ends = find(part, b"\r\n\r\n")?;
        let head = std::str::from_utf8(&part[..head_ends]).ok()?;
        let value = &part[head_ends + 4..];
        let ends = find(value, &between)?;
        fields.push((name_in(head)?, &value[..ends]));
        rest = &value[ends + between.len()..];
    }
    Some(fields)
}

fn name_in(head: &str) -> Option<String> {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let named = line.split(';').find_map(|part| part.trim().strip_prefix("name=\""))?;
    Some(named.trim_end_matches('"').to_owned())
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_with_a_file_comes_apart_and_a_torn_one_doesnt() {
        let body = b"--xyz\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n--xyz\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a;name=.rescue\"\r\n\
            Content-Type: application/octet-stream\r\n\r\n\x00\r\n--xy\xff\r\n\r\n--xyz--\r\n";
        let fields = split(body, "xyz").unwrap();
        assert_eq!(fields[0], ("csrf".to_owned(), &b"abc"[..]));
        assert_eq!(fields[1], ("file".to_owned(), &b"\x00\r\n--xy\xff\r\n"[..]));
        for torn in [&body[..20], &body[..body.len() - 12], b"", b"--xyz\r\n\r\n"] {
            assert!(split(torn, "xyz").is_none());
        }
        assert_eq!(split(b"--xyz--", "xyz"), Some(vec![]));
    }

    #[test]
    fn a_boundary_is_read_as_browsers_write_it() {
        let read = |kind: &'static str| {
            boundary(&HeaderMap::from_iter([(header::CONTENT_TYPE, header::HeaderValue::from_static(kind))]))
        };
        assert_eq!(
            read("multipart/form-data; boundary=----WebKitFormBoundaryA"),
            Some("----WebKitFormBoundaryA".into())
        );
        assert_eq!(read("multipart/form-data; boundary=\"a b\""), Some("a b".into()));
        assert_eq!(read("application/x-www-form-urlencoded"), None);
        assert_eq!(read("multipart/form-data; boundary="), None);
    }
}
