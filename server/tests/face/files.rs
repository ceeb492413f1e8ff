//! Files: only what an admitted entry names, only from and to who may; whole, in part, and gone when a decision says so.

use super::house::{Answer, House, is, user};
use outpost_model::command::{Ask, ServiceType};
use outpost_model::entry::Body;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CustomerCode, EntryId, Hash, PageId, StationId};
use outpost_model::wire::MAX_WHOLE_BLOB;
use outpost_server::relay::{After, ConsoleAct, ConsoleWrite, Heads};

pub const PHOTO: &[u8] = b"\xff\xd8\xff\xe0 a photo of a bearing";

/// An order of the first engineer, with a visit on which these files are named but not here yet.
pub fn visit_with(house: &House, files: &[&[u8]]) -> (PageId, Vec<EntryId>) {
    let (order, visit) = (PageId::v7(1, [1; 10]), PageId::v7(1, [2; 10]));
    let customer = CustomerCode::parse("c-1").unwrap();
    let station = StationId::parse("st-1").unwrap();
    house.decide(Ask::PlaceCustomer { customer: customer.clone(), station, distance_km: 10 });
    let open = Ask::Open { order, number: "WO-1".into(), customer, asset: None, service_type: ServiceType::C };
    house.decide(open);
    house.decide(Ask::Assign { order, to: user("u-e1") });
    let header = Header::new(super::house::tenant(), Subject::Visit { id: visit, order });
    let ids: Vec<EntryId> = (0..files.len()).map(|n| EntryId::v7(1_790_000_000_000, [n as u8; 10])).collect();
    let photo = |file: &&[u8]| Body::Photo { blob: Hash::of(file), caption: "bearing".into() };
    let entries = ids.iter().zip(files).map(|(id, file)| (Some(*id), photo(file))).collect();
    let write = Some(ConsoleWrite { header, entries, seen: Heads::Now });
    house.act("u-e1", ConsoleAct { id: house.command(), ask: None, after: After::Now, heads: Heads::Now, write });
    (visit, ids)
}

fn visit_with_photo(house: &House) -> PageId {
    visit_with(house, &[PHOTO]).0
}

fn address(file: &[u8], page: PageId) -> String {
    format!("/v1/blobs/{}?page={page}", Hash::of(file))
}

#[test]
fn a_named_blob_is_stored_once_and_read_by_who_may_read_its_page() {
    let house = House::new();
    let page = visit_with_photo(&house);
    let phone = house.phone("u-e1", "d-1");
    let bearer = format!("Bearer {}", phone.token());
    let mine = [("authorization", bearer.as_str())];
    let path = address(PHOTO, page);

    assert_eq!(house.get(&path, &mine).problem(), is(404, "blob_unknown"));
    for _ in 0..2 {
        assert_eq!(house.call("PUT", &path, &mine, PHOTO.to_vec()).status, 200);
    }
    let fetched = house.get(&path, &mine);
    assert_eq!((fetched.status, fetched.bytes.as_slice()), (200, PHOTO));
    assert_eq!(fetched.header("content-type"), "image/jpeg");
    assert_eq!(fetched.header("x-content-type-options"), "nosniff");
    let (session, _) = house.sign_in("u-hq");
    assert_eq!(house.get(&path, &[("authorization", &format!("Bearer {session}"))]).bytes, PHOTO);

    let other = house.phone("u-e2", "d-2");
    let theirs = format!("Bearer {}", other.token());
    assert_eq!(house.get(&path, &[("authorization", &theirs)]).problem(), is(404, "not_found"));
    assert_eq!(house.get(&path, &[]).problem(), is(401, "sign_in_needed"));
}

#[test]
fn what_nobody_named_isnt_stored() {
    let house = House::new();
    let text: &[u8] = b"<script>not a photo</script>";
    let (page, _) = visit_with(&house, &[PHOTO, text]);
    let phone = house.phone("u-e1", "d-1");
    let other = house.phone("u-e2", "d-2");
    let (mine, theirs) = (format!("Bearer {}", phone.token()), format!("Bearer {}", other.token()));
    let put = |bearer: &str, hash: Hash, page: PageId, bytes: &[u8]| {
        let path = format!("/v1/blobs/{hash}?page={page}");
        house.call("PUT", &path, &[("authorization", bearer)], bytes.to_vec()).problem()
    };
    assert_eq!(put(&mine, Hash::of(b"M0 0"), page, b"M0 0"), is(404, "not_found"));
    assert_eq!(put(&mine, Hash::of(PHOTO), PageId::derived(&["order"]), PHOTO), is(404, "not_found"));
    assert_eq!(put(&theirs, Hash::of(PHOTO), page, PHOTO), is(404, "not_found"));
    assert_eq!(put(&mine, Hash::of(PHOTO), page, b"another"), is(422, "blob_mismatch"));
    assert_eq!(put(&mine, Hash::of(text), page, text), is(415, "blob_kind"));
    assert_eq!(put(&mine, Hash::of(PHOTO), page, &vec![0; MAX_WHOLE_BLOB + 1]), is(413, "too_large"));
    for path in [
        "/v1/blobs/short?page=x".into(),
        format!("/v1/blobs/{}", Hash::of(PHOTO)),
        format!("/v1/blobs/{}?page=7", Hash::of(PHOTO)),
    ] {
        let answer = house.call("PUT", &path, &[("authorization", &mine)], PHOTO.to_vec());
        assert_eq!(answer.problem(), is(400, "bad_request"), "{path}");
    }
    assert_eq!(on_disk(&house), Vec::<String>::new());
}

/// Every file below the folder for files.
pub fn on_disk(house: &House) -> Vec<String> {
    let rooms = std::fs::read_dir(house.dir.path().join("blobs")).unwrap();
    let files = rooms.flat_map(|room| std::fs::read_dir(room.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().path().display().to_string()).collect()
}

#[test]
fn what_exceeds_a_days_share_waits_for_the_next_day() {
    let house = House::with(|settings| settings.limits.blob_bytes_a_day = 40);
    let other = [PHOTO, b" and another"].concat();
    let (page, _) = visit_with(&house, &[PHOTO, &other]);
    let phone = house.phone("u-e1", "d-1");
    let put = |file: &[u8]| {
        let bearer = format!("Bearer {}", phone.token());
        house.call("PUT", &address(file, page), &[("authorization", &bearer)], file.to_vec())
    };
    assert_eq!(put(PHOTO).status, 200);
    let waits = put(&other);
    assert_eq!(waits.problem(), is(429, "blob_quota"));
    let seconds: i64 = waits.header("retry-after").parse().unwrap();
    assert!((1..=86_400).contains(&seconds), "{seconds}");
    house.after(seconds * 1_000);
    assert_eq!(put(&other).status, 200);
}

#[test]
fn a_company_that_has_no_room_left_is_told_so() {
    let house = House::with(|settings| settings.limits.blob_bytes = PHOTO.len() as u64 - 1);
    let page = visit_with_photo(&house);
    let bearer = format!("Bearer {}", house.phone("u-e1", "d-1").token());
    let answer = house.call("PUT", &address(PHOTO, page), &[("authorization", &bearer)], PHOTO.to_vec());
    assert_eq!(answer.problem(), is(507, "storage_full"));
    assert!(!answer.header("retry-after").is_empty());
}

/// A house in which a file of some size is here, and how to ask for it.
struct Reading {
    house: House,
    path: String,
    bearer: String,
    file: Vec<u8>,
}

impl Reading {
    fn of(file: Vec<u8>) -> Self {
        let house = House::new();
        let (page, _) = visit_with(&house, &[&file]);
        let bearer = format!("Bearer {}", house.phone("u-e1", "d-1").token());
        let path = address(&file, page);
        super::uploads::bring(&house, &bearer, page, &file);
        Self { house, path, bearer, file }
    }

    fn ask(&self, headers: &[(&str, &str)]) -> Answer {
        let all: Vec<_> =
            [("authorization", self.bearer.as_str())].into_iter().chain(headers.iter().copied()).collect();
        self.house.get(&self.path, &all)
    }
}

fn large() -> Vec<u8> {
    let mut file = b"\xff\xd8\xff\xe0".to_vec();
    file.extend((0..900_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8));
    file
}

#[test]
fn a_file_is_read_whole_or_in_part_and_its_hash_is_its_tag() {
    let reading = Reading::of(large());
    let whole = reading.ask(&[]);
    assert_eq!((whole.status, whole.bytes == reading.file), (200, true));
    assert_eq!(whole.header("etag"), format!("\"{}\"", Hash::of(&reading.file)));
    assert_eq!(whole.header("cache-control"), "private, max-age=86400, immutable");
    assert_eq!(whole.header("content-length"), reading.file.len().to_string());

    let part = reading.ask(&[("range", "bytes=300000-499999")]);
    assert_eq!((part.status, part.bytes == reading.file[300_000..500_000]), (206, true));
    assert_eq!(part.header("content-range"), format!("bytes 300000-499999/{}", reading.file.len()));
    let last = reading.ask(&[("range", "bytes=-4")]);
    assert_eq!(last.bytes, reading.file[reading.file.len() - 4..]);
    assert_eq!(reading.ask(&[("range", "bytes=99000000-")]).status, 416);
    let held = reading.ask(&[("if-none-match", whole.header("etag"))]);
    assert_eq!((held.status, held.bytes.len()), (304, 0));
}

#[test]
fn a_damaged_file_is_never_handed_out_whole() {
    for file in [PHOTO.to_vec(), large()] {
        let reading = Reading::of(file);
        let [stored] = &on_disk(&reading.house)[..] else { panic!("one file") };
        let mut bytes = std::fs::read(stored).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(stored, &bytes).unwrap();
        match reading.file.len() > 300_000 {
            true => assert!(reading.house.breaks_off(&reading.path, &reading.bearer)),
            false => assert_eq!(reading.ask(&[]).problem(), is(503, "storage_trouble")),
        }
    }
}

#[test]
fn an_erased_file_is_gone_and_its_entry_stays() {
    let reading = Reading::of(large());
    let (house, file) = (&reading.house, &reading.file);
    let page = PageId::v7(1, [2; 10]);
    let target = EntryId::v7(1_790_000_000_000, [0; 10]);
    let erase = |reason: &str| Ask::EraseBlob { page, target, blob: Hash::of(file), reason: reason.into() };
    let act = |by: &str, ask: Ask| {
        let act = ConsoleAct { id: house.command(), ask: Some(ask), after: After::Now, heads: Heads::Now, write: None };
        house.relay.act(&user(by), act).map(|_| ()).map_err(|denied| denied.code.name())
    };
    assert_eq!(act("u-e1", erase("客户要求")), Err("not_allowed"));
    assert_eq!(act("u-hq", erase(" ")), Err("bad_command"));
    assert_eq!(reading.ask(&[]).status, 200);
    assert_eq!(act("u-hq", erase("拍到了客户的证件")), Ok(()));
    assert_eq!(reading.ask(&[]).problem(), is(410, "blob_erased"));
    assert_eq!(on_disk(house).len(), 1, "the bytes go after the decision");
    house.runtime.block_on(house.gateway.sweep()).unwrap();
    assert_eq!(on_disk(house), Vec::<String>::new());

    // Nobody brings it back, by either way.
    let mine = [("authorization", reading.bearer.as_str())];
    assert_eq!(house.call("PUT", &reading.path, &mine, PHOTO.to_vec()).problem(), is(422, "blob_mismatch"));
    assert_eq!(super::uploads::create(house, &reading.bearer, page, file).problem(), is(410, "blob_erased"));
    // The log is whole: what its books say is what its rows say.
    let verified = outpost_server::verify::verify(house.relay.store()).unwrap();
    assert!(verified.is_clean(), "{:?}", verified.differences().collect::<Vec<_>>());
}

#[test]
fn a_file_that_an_old_copy_of_the_database_forgot_is_taken_in_again() {
    let reading = Reading::of(large());
    let house = &reading.house;
    house.relay.store().write(|tx| Ok(tx.execute_batch("delete from blob; delete from upload")?)).unwrap();
    assert_eq!(reading.ask(&[]).problem(), is(404, "blob_unknown"));
    house.runtime.block_on(house.gateway.take_inventory()).unwrap();
    assert_eq!(reading.ask(&[]).status, 200);
    // A page names it, so it stays when its lease has run out.
    house.after(40 * 24 * 3_600_000);
    house.runtime.block_on(house.gateway.sweep()).unwrap();
    let bearer = format!("Bearer {}", house.phone("u-e1", "d-9").token());
    assert_eq!(house.get(&reading.path, &[("authorization", &bearer)]).status, 200);
}
