//! Blobs: only what an admitted entry names, only from and to who may.

use super::house::{House, is, user};
use outpost_model::command::{Ask, ServiceType};
use outpost_model::entry::Body;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CustomerCode, Hash, PageId, StationId};
use outpost_model::wire::MAX_WHOLE_BLOB;
use outpost_server::relay::{After, ConsoleAct, ConsoleWrite, Heads};

const PHOTO: &[u8] = b"a photo of a bearing";

/// An order of the first engineer, with a visit whose photo is named but not here yet.
fn visit_with_photo(house: &House) -> PageId {
    let (order, visit) = (PageId::v7(1, [1; 10]), PageId::v7(1, [2; 10]));
    let customer = CustomerCode::parse("c-1").unwrap();
    let station = StationId::parse("st-1").unwrap();
    house.decide(Ask::PlaceCustomer { customer: customer.clone(), station, distance_km: 10 });
    let open = Ask::Open { order, number: "WO-1".into(), customer, asset: None, service_type: ServiceType::C };
    house.decide(open);
    house.decide(Ask::Assign { order, to: user("u-e1") });
    let header = Header::new(super::house::tenant(), Subject::Visit { id: visit, order });
    let photo = Body::Photo { blob: Hash::of(PHOTO), caption: "bearing".into() };
    let write = Some(ConsoleWrite { header, entries: vec![(None, photo)], seen: Heads::Now });
    house.act("u-e1", ConsoleAct { id: house.command(), ask: None, after: After::Now, heads: Heads::Now, write });
    visit
}

#[test]
fn a_named_blob_is_stored_once_and_read_by_who_may_read_its_page() {
    let house = House::new();
    let page = visit_with_photo(&house);
    let phone = house.phone("u-e1", "d-1");
    let bearer = format!("Bearer {}", phone.token());
    let mine = [("authorization", bearer.as_str())];
    let path = format!("/v1/blobs/{}?page={page}", Hash::of(PHOTO));

    assert_eq!(house.get(&path, &mine).problem(), is(404, "blob_unknown"));
    for _ in 0..2 {
        assert_eq!(house.call("PUT", &path, &mine, PHOTO.to_vec()).status, 200);
    }
    let fetched = house.get(&path, &mine);
    assert_eq!((fetched.status, fetched.bytes.as_slice()), (200, PHOTO));
    assert_eq!(fetched.header("content-type"), "application/octet-stream");
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
    let page = visit_with_photo(&house);
    let phone = house.phone("u-e1", "d-1");
    let other = house.phone("u-e2", "d-2");
    let (mine, theirs) = (format!("Bearer {}", phone.token()), format!("Bearer {}", other.token()));
    let put = |bearer: &str, hash: Hash, page: PageId, bytes: &[u8]| {
        let path = format!("/v1/blobs/{hash}?page={page}");
        house.call("PUT", &path, &[("authorization", bearer)], bytes.to_vec()).problem()
    };
    assert_eq!(put(&mine, Hash::of(b"else"), page, b"else"), is(404, "not_found"));
    assert_eq!(put(&mine, Hash::of(PHOTO), PageId::v7(1, [1; 10]), PHOTO), is(404, "not_found"));
    assert_eq!(put(&theirs, Hash::of(PHOTO), page, PHOTO), is(404, "not_found"));
    assert_eq!(put(&mine, Hash::of(PHOTO), page, b"another"), is(422, "blob_mismatch"));
    assert_eq!(put(&mine, Hash::of(PHOTO), page, &vec![0; MAX_WHOLE_BLOB + 1]), is(413, "too_large"));
    for path in [
        "/v1/blobs/short?page=x".into(),
        format!("/v1/blobs/{}", Hash::of(PHOTO)),
        format!("/v1/blobs/{}?page=7", Hash::of(PHOTO)),
    ] {
        let answer = house.call("PUT", &path, &[("authorization", &mine)], PHOTO.to_vec());
        assert_eq!(answer.problem(), is(400, "bad_request"), "{path}");
    }
    assert!(std::fs::read_dir(house.dir.path().join("blobs")).unwrap().next().is_none());
}

#[test]
fn a_device_stores_its_share_of_a_day() {
    let house = House::with(|settings| settings.limits.blob_bytes_a_day = 10);
    let page = visit_with_photo(&house);
    let phone = house.phone("u-e1", "d-1");
    let path = format!("/v1/blobs/{}?page={page}", Hash::of(PHOTO));
    let answer = house.call("PUT", &path, &[("authorization", &format!("Bearer {}", phone.token()))], PHOTO.to_vec());
    assert_eq!(answer.problem(), is(429, "rate_limited"));
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
}
