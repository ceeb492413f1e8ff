//! Uploads by tus 1.0.0: begun, gone on with, broken off, finished, given up; each step as a client sees it.

use super::files::{PHOTO, on_disk, visit_with};
use super::house::{Answer, House, is};
use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use outpost_model::blob::MAX_BLOB;
use outpost_model::id::{Hash, PageId};
use outpost_server::http::{Gateway, app};
use sha2::{Digest, Sha256};
use tokio_stream::iter;

fn metadata(hash: Hash, page: PageId) -> String {
    let encode = |text: String| STANDARD.encode(text);
    format!("filename cGhvdG8=,sha256 {},page {}", encode(hash.to_string()), encode(page.to_string()))
}

pub fn create(house: &House, bearer: &str, page: PageId, file: &[u8]) -> Answer {
    create_as(house, bearer, page, Hash::of(file), file.len() as u64)
}

fn create_as(house: &House, bearer: &str, page: PageId, hash: Hash, length: u64) -> Answer {
    let headers = [
        ("authorization", bearer),
        ("tus-resumable", "1.0.0"),
        ("upload-length", &length.to_string()),
        ("upload-metadata", &metadata(hash, page)),
    ];
    house.call("POST", "/v1/uploads", &headers, Vec::new())
}

fn patch(house: &House, bearer: &str, at: &str, offset: usize, piece: &[u8], more: &[(&str, &str)]) -> Answer {
    let offset = offset.to_string();
    let mut headers = vec![
        ("authorization", bearer),
        ("tus-resumable", "1.0.0"),
        ("content-type", "application/offset+octet-stream"),
        ("upload-offset", offset.as_str()),
    ];
    headers.extend(more);
    house.call("PATCH", at, &headers, piece.to_vec())
}

fn head(house: &House, bearer: &str, at: &str) -> Answer {
    house.call("HEAD", at, &[("authorization", bearer), ("tus-resumable", "1.0.0")], Vec::new())
}

/// The whole file, in pieces.
pub fn bring(house: &House, bearer: &str, page: PageId, file: &[u8]) {
    let created = create(house, bearer, page, file);
    assert_eq!(created.status, 201, "{}", created.json());
    let at = created.header("location").to_owned();
    let mut offset = 0;
    for piece in file.chunks(250_000) {
        let answer = patch(house, bearer, &at, offset, piece, &[]);
        assert_eq!(answer.status, 204, "{}", answer.json());
        offset += piece.len();
        assert_eq!(answer.header("upload-offset"), offset.to_string());
    }
}

struct Trip {
    house: House,
    page: PageId,
    bearer: String,
    file: Vec<u8>,
}

impl Trip {
    fn new() -> Self {
        Self::with(House::new())
    }

    fn with(house: House) -> Self {
        let file = [PHOTO, &vec![7; 500_000]].concat();
        let (page, _) = visit_with(&house, &[&file, PHOTO]);
        let bearer = format!("Bearer {}", house.phone("u-e1", "d-1").token());
        Self { house, page, bearer, file }
    }

    fn create(&self) -> String {
        let created = create(&self.house, &self.bearer, self.page, &self.file);
        assert_eq!(created.status, 201, "{}", created.json());
        created.header("location").to_owned()
    }

    fn patch(&self, at: &str, range: std::ops::Range<usize>) -> Answer {
        patch(&self.house, &self.bearer, at, range.start, &self.file[range], &[])
    }

    fn fetched(&self) -> Answer {
        let path = format!("/v1/blobs/{}", Hash::of(&self.file));
        self.house.get(&path, &[("authorization", &self.bearer)])
    }
}

#[test]
fn an_upload_is_begun_gone_on_with_and_read_back() {
    let trip = Trip::new();
    let options = trip.house.call("OPTIONS", "/v1/uploads", &[], Vec::new());
    assert_eq!((options.status, options.header("tus-version")), (204, "1.0.0"));
    assert_eq!(options.header("tus-extension"), "creation,expiration,checksum,termination");
    assert_eq!(options.header("tus-max-size"), MAX_BLOB.to_string());

    let at = trip.create();
    assert_eq!(trip.create(), at, "the same file of the same phone has one upload");
    assert_eq!(trip.patch(&at, 0..100_000).header("upload-offset"), "100000");
    let stands = head(&trip.house, &trip.bearer, &at);
    assert_eq!((stands.status, stands.header("upload-offset")), (200, "100000"));
    assert_eq!(stands.header("upload-length"), trip.file.len().to_string());
    assert_eq!(stands.header("cache-control"), "no-store");
    assert_eq!(stands.header("tus-resumable"), "1.0.0");
    assert!(stands.header("upload-expires").ends_with(" GMT"));
    let told = trip.house.get(&at, &[("authorization", &trip.bearer)]).json();
    assert_eq!((told["offset"].as_u64(), told["length"].as_u64()), (Some(100_000), Some(trip.file.len() as u64)));

    assert_eq!(trip.fetched().problem(), is(404, "blob_unknown"));
    let last = trip.patch(&at, 100_000..trip.file.len());
    assert_eq!((last.status, last.header("upload-offset")), (204, trip.file.len().to_string().as_str()));
    assert_eq!(trip.fetched().bytes, trip.file);
    // The last answer was lost: where it stands says that all is here.
    assert_eq!(head(&trip.house, &trip.bearer, &at).header("upload-offset"), trip.file.len().to_string());
    assert_eq!(on_disk(&trip.house).len(), 1);
}

#[test]
fn what_came_before_the_connection_broke_is_kept() {
    let trip = Trip::new();
    let at = trip.create();
    let pieces = [Ok(trip.file[..150_000].to_vec()), Err(std::io::Error::other("the tunnel"))];
    let request = Request::builder()
        .method("PATCH")
        .uri(&at)
        .header("authorization", &trip.bearer)
        .header("tus-resumable", "1.0.0")
        .header("content-type", "application/offset+octet-stream")
        .header("upload-offset", "0");
    trip.house.send(request.body(Body::from_stream(iter(pieces))).unwrap());
    assert_eq!(head(&trip.house, &trip.bearer, &at).header("upload-offset"), "150000");
    assert_eq!(trip.patch(&at, 150_000..trip.file.len()).status, 204);
    assert_eq!(trip.fetched().bytes, trip.file);
}

#[test]
fn an_upload_goes_on_after_a_restart_and_a_torn_end_is_cut_off() {
    let mut trip = Trip::new();
    let at = trip.create();
    trip.patch(&at, 0..200_000);
    // Bytes that no answer spoke of, as a power cut leaves them.
    let [draft] = &on_disk(&trip.house)[..] else { panic!("one draft") };
    let torn = [std::fs::read(draft).unwrap(), vec![0; 4_096]].concat();
    std::fs::write(draft, torn).unwrap();
    let gateway = Gateway::open(trip.house.relay.clone(), trip.house.gateway.settings().clone()).unwrap();
    trip.house.replace(gateway.clone(), app(gateway));
    assert_eq!(head(&trip.house, &trip.bearer, &at).header("upload-offset"), "200000");
    assert_eq!(trip.patch(&at, 200_000..trip.file.len()).status, 204);
    assert_eq!(trip.fetched().bytes, trip.file);
}

#[test]
fn each_mistake_has_its_answer() {
    let trip = Trip::new();
    let (house, bearer) = (&trip.house, trip.bearer.as_str());
    let at = trip.create();
    assert_eq!(trip.patch(&at, 5..10).problem(), is(409, "upload_offset"));
    assert_eq!(house.call("HEAD", &at, &[("authorization", bearer)], Vec::new()).status, 412);
    let old = house.call("POST", "/v1/uploads", &[("authorization", bearer), ("tus-resumable", "0.2.2")], Vec::new());
    assert_eq!((old.problem(), old.header("tus-version")), (is(412, "upload_version"), "1.0.0"));
    let plain = [("authorization", bearer), ("tus-resumable", "1.0.0"), ("upload-offset", "0")];
    assert_eq!(house.call("PATCH", &at, &plain, b"x".to_vec()).problem(), is(400, "bad_request"));
    assert_eq!(patch(house, bearer, "/v1/uploads/nonsense", 0, b"", &[]).problem(), is(404, "upload_unknown"));
    let too_much = [&trip.file[..], b"!"].concat();
    assert_eq!(patch(house, bearer, &at, 0, &too_much, &[]).problem(), is(400, "bad_request"));

    let other = format!("Bearer {}", house.phone("u-e2", "d-2").token());
    assert_eq!(patch(house, &other, &at, 0, b"x", &[]).problem(), is(404, "upload_unknown"));
    assert_eq!(create(house, &other, trip.page, &trip.file).problem(), is(404, "not_found"));
    assert_eq!(create(house, bearer, trip.page, b"unnamed").problem(), is(404, "not_found"));
    let beyond = create_as(house, bearer, trip.page, Hash::of(&trip.file), MAX_BLOB + 1);
    assert_eq!(beyond.problem(), is(413, "blob_too_large"));
    assert_eq!(create(house, "Bearer a.b.c", trip.page, PHOTO).problem(), is(401, "token_invalid"));
}

#[test]
fn a_file_that_isnt_what_it_was_named_is_refused_and_leaves_nothing() {
    let trip = Trip::new();
    let created = create_as(&trip.house, &trip.bearer, trip.page, Hash::of(&trip.file), 9);
    let at = created.header("location").to_owned();
    let answer = patch(&trip.house, &trip.bearer, &at, 0, b"\xff\xd8\xff other", &[]);
    assert_eq!(answer.problem(), is(422, "blob_mismatch"));
    assert_eq!(head(&trip.house, &trip.bearer, &at).status, 404);
    trip.house.runtime.block_on(trip.house.gateway.sweep()).unwrap();
    assert_eq!(on_disk(&trip.house), Vec::<String>::new());
}

#[test]
fn a_damaged_piece_is_sent_again() {
    let trip = Trip::new();
    let at = trip.create();
    let sum = |bytes: &[u8]| format!("sha256 {}", STANDARD.encode(Sha256::digest(bytes)));
    let send = |offset: usize, piece: &[u8], sum: &str| {
        patch(&trip.house, &trip.bearer, &at, offset, piece, &[("upload-checksum", sum)])
    };
    let (piece, rest) = trip.file.split_at(300_000);
    assert_eq!(send(0, piece, &sum(rest)).problem(), is(460, "upload_checksum"));
    assert_eq!(head(&trip.house, &trip.bearer, &at).header("upload-offset"), "0");
    assert_eq!(send(0, piece, &sum(piece)).header("upload-offset"), "300000");
    assert_eq!(send(300_000, rest, &sum(rest)).status, 204);
    assert_eq!(trip.fetched().bytes, trip.file);
}

#[test]
fn what_is_given_up_or_forgotten_is_cleared_away() {
    let trip = Trip::new();
    let at = trip.create();
    trip.patch(&at, 0..1_000);
    let gone = [("authorization", trip.bearer.as_str()), ("tus-resumable", "1.0.0")];
    assert_eq!(trip.house.call("DELETE", &at, &gone, Vec::new()).status, 204);
    assert_eq!(trip.patch(&at, 1_000..2_000).problem(), is(404, "upload_unknown"));

    let again = trip.create();
    assert_ne!(again, at);
    trip.patch(&again, 0..1_000);
    trip.house.after(8 * 24 * 3_600_000);
    let bearer = format!("Bearer {}", trip.house.phone("u-e1", "d-3").token());
    assert_eq!(head(&trip.house, &bearer, &again).status, 404);
    trip.house.runtime.block_on(trip.house.gateway.sweep()).unwrap();
    assert_eq!(on_disk(&trip.house), Vec::<String>::new());
}

#[test]
fn what_another_phone_brought_needn_t_be_brought_again() {
    let trip = Trip::new();
    bring(&trip.house, &trip.bearer, trip.page, &trip.file);
    let second = format!("Bearer {}", trip.house.phone("u-e1", "d-2").token());
    let created = create(&trip.house, &second, trip.page, &trip.file);
    assert_eq!((created.status, created.json()["offset"].as_u64()), (201, Some(trip.file.len() as u64)));
    // A client that sends all the same is told where it stands, and finds that all is here.
    let at = created.header("location").to_owned();
    assert_eq!(patch(&trip.house, &second, &at, 0, &trip.file, &[]).problem(), is(409, "upload_offset"));
    assert_eq!(head(&trip.house, &second, &at).header("upload-offset"), trip.file.len().to_string());
    assert_eq!(on_disk(&trip.house).len(), 1);
}
