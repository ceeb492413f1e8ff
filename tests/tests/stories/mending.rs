//! Phone and relay come to disagree: it is noticed at the next sync, drilled down to the page, and mended. Nothing is
//! wiped, whichever side forgot.

use outpost_model::entry::VisitResult;
use outpost_model::fold::order::State;
use outpost_server::relay::begin_epoch;
use outpost_server::store::Store;
use outpost_tests::company::call::{arrive, leave, part, set};
use outpost_tests::company::{Company, Trouble, user};
use std::path::Path;

#[test]
fn rows_that_never_reached_the_phone_are_found_by_the_sums_and_fetched() {
    let company = Company::open();
    let (mut wang, mut li) = (company.met("d-wang"), company.met("d-li"));
    let call = company.dispatched("WO-1", "steel", "wang");
    company.desk("zhou").ask(call.helper("li"));
    wang.sync();
    li.sync();
    li.log(call.header(), [set("remark", "带绝缘手套")]);
    li.log(call.visit("V1"), [arrive()]);
    li.sync();
    // An unsent change of his own on the same page survives the mending.
    wang.log(call.header(), [set("phone", "0531-2")]);
    wang.network.expect("/v1/sync", Trouble::RowsLeftOut);
    let seen = wang.network.seen.len();
    let report = wang.sync();
    assert_eq!(wang.network.paths_since(seen)[..2], ["/v1/sync", "/v1/drill"]);
    assert!(report.tally.mended >= 1 && report.disagreeing.is_empty(), "{report:?}");
    let facts = wang.sees(call.id()).unwrap().facts;
    assert_eq!((facts.visits, facts.fields["remark"].as_slice()), (1, ["带绝缘手套".to_owned()].as_slice()));
    let seen = wang.network.seen.len();
    wang.sync();
    assert_eq!(wang.network.paths_since(seen), ["/v1/sync"], "agreed");
    company.ends_well(&mut [&mut wang, &mut li]);
}

#[test]
fn a_page_that_a_phone_lost_from_its_storage_comes_back() {
    let company = Company::open();
    let mut zhou = company.met("d-zhou");
    let mut wang = company.met("d-wang");
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    wang.log(call.visit("V1"), [arrive(), part("P-1", 1)]);
    wang.sync();
    zhou.sync();
    // Storage that forgets: the page's rows, and what all sums were.
    let page = call.visit("V1").page();
    let database = zhou.database();
    database.execute("delete from log_row where page = ?1", [page.0]).unwrap();
    database.execute("update page set sum = zeroblob(16) where id = ?1", [page.0]).unwrap();
    database.execute("update scope set sum = zeroblob(16)", []).unwrap();
    drop(database);
    let report = zhou.sync();
    assert_eq!((report.tally.mended, report.tally.withdrawn), (1, 0), "one page is fetched, nothing is wiped");
    assert_eq!(zhou.sees(call.id()).unwrap().facts.parts_amount, 1_200);
    company.ends_well(&mut [&mut wang, &mut zhou]);
}

#[test]
fn a_relay_put_back_to_yesterday_gets_from_the_phones_what_it_forgot() {
    let mut company = Company::open();
    let (mut wang, mut li) = (company.met("d-wang"), company.met("d-li"));
    let call = company.dispatched("WO-1", "steel", "wang");
    company.desk("zhou").ask(call.helper("li"));
    wang.sync();
    li.sync();
    wang.log(call.visit("V1"), [arrive()]);
    wang.sync();
    company.shut();
    let (folder, copy) = (company.relay_folder(), tempfile::tempdir().unwrap());
    copy_files(&folder, copy.path());
    company.reopen();
    wang.log(call.visit("V1"), [part("P-1", 1), leave(VisitResult::Fixed)]);
    wang.sync();
    li.sync();
    li.log(call.visit("V1"), [part("P-2", 1)]);
    li.sync();
    wang.sync();
    // The disk dies; yesterday's copy is put back, and says that it was.
    company.shut();
    copy_files(copy.path(), &folder);
    begin_epoch(&Store::open(&folder).unwrap()).unwrap();
    company.reopen();
    assert_eq!(company.order(call.id()).state, State::OnSite);
    let report = wang.try_sync();
    assert!(report.is_settled() && report.tally.offered_again > 0, "{report:?}");
    li.try_sync();
    let facts = company.order(call.id());
    assert_eq!((facts.state, facts.parts_amount), (State::Finished, 2_400));
    assert_eq!((wang.refused().len(), li.refused().len()), (0, 0));
    company.ends_well(&mut [&mut wang, &mut li]);
}

#[test]
fn one_phone_that_survived_brings_back_what_others_wrote_and_decided() {
    let mut company = Company::open();
    let (mut wang, mut zhou) = (company.met("d-wang"), company.met("d-zhou"));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    company.shut();
    let (folder, copy) = (company.relay_folder(), tempfile::tempdir().unwrap());
    copy_files(&folder, copy.path());
    company.reopen();
    wang.log(call.visit("V1"), [arrive(), part("P-1", 1), leave(VisitResult::Fixed)]);
    wang.sync();
    let second = company.dispatched("WO-2", "steel", "li");
    company.desk("zhou").ask(call.helper("li"));
    zhou.sync();
    company.shut();
    copy_files(copy.path(), &folder);
    begin_epoch(&Store::open(&folder).unwrap()).unwrap();
    company.reopen();
    // Wang's phone is at the bottom of a shaft. The lead's holds what both wrote and decided.
    let report = zhou.try_sync();
    assert!(report.is_settled() && report.disagreeing.is_empty(), "{report:?}");
    assert!(report.tally.brought_back > 0, "{report:?}");
    let facts = company.order(call.id());
    assert_eq!((facts.state, facts.parts_amount > 0), (State::Finished, true));
    assert_eq!(company.order(second.id()).engineer, Some(user("li")));
    company.ends_well(&mut [&mut zhou]);
}

/// The relay's own files, which lie flat in its folder.
fn copy_files(from: &Path, to: &Path) {
    for name in ["outpost.db", "outpost.db-wal", "outpost.db-shm"] {
        let (from, to) = (from.join(name), to.join(name));
        match from.exists() {
            true => drop(std::fs::copy(from, to).unwrap()),
            false => drop(std::fs::remove_file(to)),
        }
    }
}
