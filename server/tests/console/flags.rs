//! Flags: who sees which, what they say, and that the act which settles the matter clears them.

use super::desk::{Desk, user};
use outpost_model::command::{Ask, ServiceType};
use outpost_model::entry::Body;
use outpost_model::header::Subject;
use outpost_model::id::{CustomerCode, PageId};

fn page(n: u8) -> PageId {
    PageId::v7(1_790_000_000_000, [n; 10])
}

/// The engineer opens an order on site; a colleague who isn't on it goes there.
fn trouble(desk: &Desk) -> PageId {
    let (order, customer) = (page(1), CustomerCode::parse("C-1").unwrap());
    let (number, service_type) = ("X-1".to_owned(), ServiceType::C);
    desk.decide("u-e1", Ask::Open { order, number, customer, asset: None, service_type });
    desk.after(10);
    desk.log("u-e2", Subject::Visit { id: page(2), order }, &[Body::Arrive { place: None }]);
    order
}

#[test]
fn a_flag_says_what_about_which_order_since_when_and_by_whom() {
    let desk = Desk::open();
    let order = trouble(&desk);
    let lead = desk.sign_in("u-lead-1");
    let list = lead.get("/flags").text;
    for word in ["Opened on site", "Not assigned", "X-1", "青岛化工", "姓名 u-e2", "09:10"] {
        assert!(list.contains(word), "{word}: {list}");
    }
    assert!(list.contains(&format!("href=\"/orders/{order}\"")) && list.contains(&format!("/orders/{order}/dispatch")));
    let of_kind = lead.get("/flags?kind=unassigned").text;
    assert!(of_kind.contains("Not assigned</span>") && !of_kind.contains("Opened on site</span>"), "{of_kind}");
    let hq = desk.sign_in("u-hq");
    assert!(hq.get("/flags?at=st-1").text.contains("X-1") && !hq.get("/flags?at=st-2").text.contains("X-1"));
    for (who, path) in [("u-lead-2", "/flags"), ("u-lead-2", "/flags?at=st-1"), ("u-lead-2", "/flags?all=1")] {
        assert!(!desk.sign_in(who).get(path).text.contains("X-1"), "{who} {path}");
    }
    assert!(
        !desk.sign_in("u-auditor").get("/flags").text.contains("/dispatch"),
        "an auditor reads, and acts on nothing"
    );
}

#[test]
fn the_act_that_settles_a_matter_clears_its_flag() {
    let desk = Desk::open();
    let order = trouble(&desk);
    let lead = desk.sign_in("u-lead-1");
    desk.decide("u-lead-1", Ask::AddHelper { order, helper: user("u-e2") });
    let list = lead.get("/flags").text;
    assert!(!list.contains("Not assigned</span>") && list.contains("Opened on site</span>"), "{list}");
    // A filed order is done with, but for what filing raised.
    desk.decide("u-lead-1", Ask::Close { order });
    let list = lead.get("/flags").text;
    assert!(list.contains("Filed unsigned</span>") && !list.contains("Opened on site</span>"), "{list}");
    assert!(lead.get("/flags?all=1").text.contains("Opened on site</span>"));
}

#[test]
fn a_long_list_goes_on_where_it_ended() {
    let desk = Desk::open();
    for n in 0..55 {
        let (number, service_type) = (format!("X-{n:03}"), ServiceType::C);
        let customer = CustomerCode::parse("C-1").unwrap();
        desk.decide("u-e1", Ask::Open { order: page(n + 10), number, customer, asset: None, service_type });
        desk.after(1);
    }
    let lead = desk.sign_in("u-hq");
    let first = lead.get("/flags").text;
    let next =
        first.split("href=\"/flags?").find_map(|rest| rest.split('"').next().filter(|path| path.contains("after=")));
    let second = lead.get(&format!("/flags?{}", next.unwrap().replace("&#38;", "&"))).text;
    assert!(first.contains("X-000") && first.contains("X-049") && !first.contains("X-050"), "oldest first");
    assert!(second.contains("X-050") && second.contains("X-054") && !second.contains("X-049"), "{second}");
}
