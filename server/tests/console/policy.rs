//! Policy and the catalogue: what a change does from which day on, what comes back of a form that doesn't fit, and who
//! may.

use super::desk::{Browser, Desk, fields, post};
use outpost_model::command::{Ask, Question};
use outpost_model::policy::Policy;
use outpost_model::time::{Day, Millis};
use outpost_server::relay::{After, ConsoleAct, Heads};

/// The form as its page has it, with some fields typed anew.
fn settle(hq: &Browser<'_>, page: &str, typed: &[(&str, &str)]) -> super::desk::Answer {
    let form = page.split("<form").find(|form| form.contains("action=\"/policy/edit\"")).unwrap();
    let mut pairs: Vec<(String, String)> = Vec::new();
    for input in form.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let part = |name: &str| input.split(&format!("{name}=\"")).nth(1).map(|rest| rest.split('"').next().unwrap());
        let is_choice = input.contains("type=\"radio\"") || input.contains("type=\"checkbox\"");
        if let Some(name) = part("name").filter(|_| !is_choice || input.contains(" checked")) {
            pairs.push((name.to_owned(), part("value").unwrap_or_default().to_owned()));
        }
    }
    for area in form.split("<textarea").skip(1) {
        let name = area.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
        let text = area.split('>').nth(1).unwrap().split('<').next().unwrap();
        pairs.push((name.to_owned(), text.to_owned()));
    }
    pairs.retain(|(name, _)| !typed.iter().any(|(known, _)| known == name));
    pairs.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    hq.send("/policy/edit", &pairs)
}

fn form(hq: &Browser<'_>) -> String {
    hq.get("/policy/edit").text
}

/// Hours until each order's reply is due, the oldest first.
fn reply_hours(desk: &Desk) -> Vec<i64> {
    let facts = desk.texts("select facts from order_row order by opened_at");
    let hours = facts.iter().map(|text| {
        let facts: serde_json::Value = serde_json::from_str(text).unwrap();
        (facts["reply_due"].as_i64().unwrap() - facts["opened_at"].as_i64().unwrap()) / Millis::hours(1)
    });
    hours.collect()
}

#[test]
fn a_change_holds_from_its_day_on_and_leaves_the_days_before_as_they_were() {
    let desk = Desk::open();
    let (hq, clerk) = (desk.sign_in("u-hq"), desk.sign_in("u-clerk"));
    clerk.register("0531-80000001", "第一天的");
    let settled = settle(&hq, &form(&hq), &[("from", "2026-10-21"), ("reply_hours", "12")]);
    assert_eq!((settled.status, settled.location.as_str()), (303, "/policy?done=policy"), "{}", settled.text);
    let page = hq.get("/policy").text;
    assert!(page.contains("from 2026-10-21") && page.contains("To come"), "{page}");
    assert!(page.contains("<del>24 h</del> <ins>12 h</ins>"), "what it changes: {page}");
    clerk.register("0531-80000001", "还是第一天的");
    desk.clock.advance(Millis::hours(24));
    let (hq, clerk) = (desk.sign_in("u-hq"), desk.sign_in("u-clerk"));
    clerk.register("0531-80000001", "第二天的");
    assert_eq!(reply_hours(&desk), [24, 24, 12]);
    let page = hq.get("/policy").text;
    assert!(!page.contains("To come") && page.contains("Past"), "{page}");
    // Made anew from the log it reads the same.
    outpost_server::relay::rebuild(desk.relay.store()).unwrap();
    assert_eq!(reply_hours(&desk), [24, 24, 12]);
    assert_eq!(
        desk.texts("select detail from audit where act = 'decision' and detail like 'put_policy%'"),
        ["put_policy 2 2026-10-21"]
    );
}

#[test]
fn what_doesnt_fit_is_named_by_its_field_and_nothing_typed_is_lost() {
    let desk = Desk::open();
    let hq = desk.sign_in("u-hq");
    let page = form(&hq);
    for (field, value) in [
        ("from", "2026-10-19"),
        ("from", "soon"),
        ("reply_hours", "0"),
        ("reply_hours", "x"),
        ("follow_up_hours", "9999999"),
        ("closes_on", "32"),
        ("work_start_min", "19:00"),
        ("work_end_min", "25:00"),
        ("grace_min", "241"),
        ("holidays", "2026-10-01\n10月2日"),
        ("lock_after_days", "0"),
        ("toolkit", "扳手 | st-9"),
        ("cash", "maybe"),
        ("self_open", ""),
    ] {
        let answer = settle(&hq, &page, &[(field, value)]);
        assert_eq!(answer.status, 422, "{field} {value}");
        assert!(answer.text.contains(&format!("href=\"#{field}\"")), "{field} {value}: {}", answer.text);
        assert!(answer.text.contains(&format!("id=\"{field}-problem\"")), "{field} {value}");
        if !["cash", "self_open"].contains(&field) {
            assert!(answer.text.contains(value), "{field} {value} is kept");
        }
    }
    for (km, hours) in [("1200", "20"), ("x", "20"), ("100", "")] {
        let answer = settle(&hq, &page, &[("km_2", km), ("hours_2", hours)]);
        assert!(answer.status == 422 && answer.text.contains("href=\"#arrival\""), "{km} {hours}: {}", answer.text);
    }
    assert_eq!(desk.count("select count(*) from answer where question = 'policy'"), 1);
    let same = settle(&hq, &page, &[]);
    assert_eq!(same.location, "/policy?done=nothing");
}

#[test]
fn of_two_who_change_the_policy_one_decides_and_the_same_form_counts_once() {
    let desk = Desk::open();
    let (one, other) = (desk.sign_in("u-hq"), desk.sign_in("u-hq"));
    let (first, stale) = (form(&one), form(&other));
    desk.after(4);
    for _ in 0..2 {
        assert_eq!(settle(&one, &first, &[("grace_min", "5")]).status, 303);
    }
    let late = settle(&other, &stale, &[("grace_min", "15")]);
    assert_eq!(late.status, 409);
    assert!(late.text.contains("decided first, 09:04") && late.text.contains("value=\"15\""), "{}", late.text);
    let policy = desk.relay.policy().unwrap();
    assert_eq!((policy.version, policy.attendance.grace_min), (2, 5));
}

#[test]
fn terms_of_days_gone_by_arent_changed_by_any_way_in() {
    let desk = Desk::open();
    let now = desk.relay.policy().unwrap();
    let put = |policy: Policy| {
        let ask = Some(Ask::PutPolicy { policy: Box::new(policy) });
        let act = ConsoleAct { id: desk.command(), ask, after: After::Now, heads: Heads::Now, write: None };
        desk.relay.act(&super::desk::user("u-hq"), act).map(drop)
    };
    let mut terms = Policy::clone(&now);
    terms.sla.reply_hours = 6;
    let day = |text| Day::parse(text).unwrap();
    let denied = put(now.changed(day("2026-10-19"), terms.clone())).unwrap_err();
    assert_eq!(denied.code.name(), "bad_command");
    assert!(put(now.changed(day("2026-10-20"), terms)).is_ok());
}

#[test]
fn a_part_is_added_dearer_and_no_longer_offered_and_its_prices_stay_to_be_read() {
    let desk = Desk::open();
    let hq = desk.sign_in("u-hq");
    let add = |typed: &[(&str, &str)]| hq.file("/policy/parts/new", "/policy/parts/new", typed);
    let bad = add(&[("part_no", ""), ("name", "<轴承>"), ("unit_price", "12.345")]);
    assert_eq!(bad.status, 422);
    for part in ["id=\"part_no-problem\"", "id=\"unit_price-problem\"", "&#60;轴承&#62;", "value=\"12.345\""] {
        assert!(bad.text.contains(part), "{part}: {}", bad.text);
    }
    let typed = [("part_no", "P/6205 #2"), ("name", "轴承"), ("unit_price", "1,050.5")];
    assert_eq!(add(&typed).status, 303);
    let taken = add(&typed);
    assert!(taken.status == 422 && taken.text.contains("has this number already"), "{}", taken.text);
    let list = hq.get("/policy/parts?q=6205").text;
    let path = list.split("href=\"/policy/part?").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/policy/part?{path}");
    assert!(list.contains("¥1,050.50"), "{list}");
    let change = |price: &str, active: &str| {
        let typed = [("part_no", "P/6205 #2"), ("name", "轴承"), ("unit_price", price), ("active", active)];
        hq.file(&path, "/policy/part", &typed).status
    };
    assert_eq!((change("1200", "yes"), change("1200", "no")), (303, 303));
    let page = hq.get(&path).text;
    assert!(page.contains("¥1,200.00") && page.contains("¥1,050.50") && page.contains("No longer offered"), "{page}");
    let history = desk.relay.history_of(&Question::Part("P/6205 #2".into())).unwrap();
    assert_eq!(history.len(), 3);
    assert!(!hq.get("/policy/parts?q=nothing").text.contains("6205"));
}

#[test]
fn an_auditor_reads_the_policy_and_others_have_no_such_page() {
    let desk = Desk::open();
    let auditor = desk.sign_in("u-auditor");
    let page = auditor.get("/policy").text;
    assert!(page.contains("up to 300 km 24 h") && !page.contains("/policy/edit"), "{page}");
    for path in ["/policy/edit", "/policy/parts/new", "/policy/part?no=x"] {
        assert_eq!(auditor.get(path).status, 403, "{path}");
    }
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap()[..64].to_owned();
    let forced = fields(&[("csrf", &csrf), ("id", &desk.command().to_string()), ("part_no", "x")]);
    for path in ["/policy/edit", "/policy/parts/new", "/policy/part"] {
        assert_eq!(desk.send(post(path, &auditor.cookie, forced.clone())).status, 403, "{path}");
    }
    for id in ["u-lead-1", "u-clerk", "u-cashier", "u-e1"] {
        let browser = desk.sign_in(id);
        for path in ["/policy", "/policy/edit", "/policy/parts"] {
            assert_eq!(browser.get(path).status, 404, "{id} {path}");
        }
    }
}
