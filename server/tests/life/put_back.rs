//! A folder that somebody copied back by hand is noticed: at the start by what was noted beside it, in operation by
//! what phones show.

use crate::company::*;
use crate::site::*;
use outpost_model::entry::Body;
use outpost_server::config::DataFolder;
use outpost_server::life::mark::{Keeper, Marks, check};
use outpost_server::relay::{epochs, reached};
use std::fs;
use std::sync::atomic::Ordering;

#[test]
fn a_folder_copied_back_over_itself_is_noticed_at_the_start() {
    let site = Site::new();
    let company = site.founded();
    work(&company, 0, 1);
    drop(company);
    cp(&site.data(), &site.path("copy"));
    {
        // Serving: the mark is raised as rows come, and at the end.
        let relay = site.opened();
        let keeper = Keeper::start(relay.store().clone(), site.marks()).unwrap();
        assert_eq!(check(relay.store(), &site.marks(), LATER).unwrap(), None);
        let mut phone = phone_of(&relay, "d-e1");
        phone.log(&month("u-e1"), &[Body::ClockIn { place: None }]);
        phone.sync();
        drop(keeper);
    }
    let far = rows(&site.data());
    for whole in [true, false] {
        if whole {
            fs::remove_dir_all(site.data()).unwrap();
            cp(&site.path("copy"), &site.data());
        } else {
            // Only the database: the mark beside the keys tells, even where the other is gone.
            fs::remove_file(site.path("data.mark")).unwrap();
            for name in ["outpost.db", "outpost.db-wal", "outpost.db-shm"] {
                let _ = fs::remove_file(site.data().join(name));
            }
            fs::copy(site.path("copy/outpost.db"), site.data().join("outpost.db")).unwrap();
        }
        let relay = site.opened();
        let before = reached(relay.store()).unwrap().unwrap();
        let noticed = check(relay.store(), &site.marks(), LATER).unwrap().expect("it is noticed");
        assert_eq!((noticed.seq, noticed.known), (before.seq, far));
        let begun = epochs(relay.store()).unwrap().pop().unwrap();
        assert_eq!((begun.why.as_str(), begun.known, begun.epoch), ("behind_its_mark", Some(far), noticed.epoch));
        // From now on it stands where it should.
        drop(Keeper::start(relay.store().clone(), site.marks()).unwrap());
        assert_eq!(check(relay.store(), &site.marks(), LATER).unwrap(), None);
        // The next turn finds the mark of this time.
        let mut far_again = reached(relay.store()).unwrap().unwrap();
        far_again.seq = far;
        site.marks().write(&far_again).unwrap();
    }
}

#[test]
fn a_copy_that_went_on_by_itself_is_noticed_by_its_chain() {
    let site = Site::new();
    let company = site.founded();
    let data = site.data();
    cp(&data, &site.path("copy"));
    company.ask("u-clerk", open("WO-1", "c-1"));
    site.marks().write(&reached(company.relay.store()).unwrap().unwrap()).unwrap();
    drop(company);
    fs::remove_dir_all(&data).unwrap();
    cp(&site.path("copy"), &data);
    let relay = site.opened();
    // As many rows as the other, but not the same ones.
    let mut phone = phone_of(&relay, "d-e3");
    phone.log(&month("u-e3"), &[Body::ClockIn { place: None }]);
    phone.log(&month("u-e3"), &[Body::ClockOut { place: None }]);
    phone.sync();
    let marks = Marks::of(&DataFolder::at(&data), None);
    assert!(check(relay.store(), &marks, LATER).unwrap().is_some());
}

#[test]
fn a_mark_that_is_damaged_or_another_companys_says_nothing() {
    let site = Site::new();
    let company = site.founded();
    let store = company.relay.store();
    for text in
        ["", "{}", "{\"outpost_mark\":1,\"tenant\":\"acme\",\"epoch\":9,\"seq\":9,\"chain\":\"xx\"}", "\u{1}\u{2}"]
    {
        fs::write(site.path("data.mark"), text).unwrap();
        assert_eq!(check(store, &site.marks(), LATER).unwrap(), None, "{text}");
    }
    let mut other = reached(store).unwrap().unwrap();
    other.tenant = outpost_model::id::TenantId::parse("other").unwrap();
    other.seq += 100;
    site.marks().write(&other).unwrap();
    assert_eq!(check(store, &site.marks(), LATER).unwrap(), None);
}

fn phone_of(relay: &std::sync::Arc<outpost_server::relay::Relay>, name: &str) -> crate::phone::Phone {
    let owner = relay.device(&device(name)).unwrap().unwrap().user;
    let clock = std::sync::Arc::new(outpost_server::clock::VirtualClock::at(LATER));
    let mut phone = crate::phone::Phone::new(relay.clone(), clock, device(name), owner);
    // Another store of the same device: its actors are its own.
    phone.epoch = 77;
    phone
}

/// No mark at all, as after a move to another machine with an old copy: the first phone that knows more tells.
#[test]
fn a_phone_that_knows_rows_which_the_log_lacks_begins_another_epoch_once() {
    let site = Site::new();
    let company = site.founded();
    let [mut engineer, mut lead] = work(&company, 0, 1);
    cp(&site.data(), &site.path("copy"));
    let later = work_on(&company, &mut engineer, &mut lead);
    drop(company);
    let relay = opened(&site.path("copy"));
    let before = reached(relay.store()).unwrap().unwrap();
    assert_eq!(before.epoch, 1);

    // A forged place, and an honest one whose proof was made under no key of ours, change nothing.
    let honest = engineer.cursor.clone().unwrap();
    for forged in [
        outpost_model::wire::Cursor { seq: honest.seq + 50, ..honest.clone() },
        outpost_model::wire::Cursor { mac: Some([1; 16]), ..honest.clone() },
        outpost_model::wire::Cursor { mac: None, ..honest.clone() },
    ] {
        engineer.moved_to(relay.clone());
        let mut request = engineer.request();
        request.cursor = Some(forged);
        assert!(relay.sync(&engineer.device, request).unwrap().offer_all);
        assert_eq!(reached(relay.store()).unwrap().unwrap().epoch, 1);
    }

    let reply = relay.sync(&engineer.device, engineer.request()).unwrap();
    assert!(reply.offer_all && reply.cursor.epoch == 2);
    assert!(reply.contact >= 100_000, "no contact gets the number of one that was forgotten: {}", reply.contact);
    assert_eq!(relay.counts().epochs.load(Ordering::Relaxed), 1);
    let begun = epochs(relay.store()).unwrap();
    assert_eq!((begun.len(), begun[0].why.as_str(), begun[0].known), (1, "shown_by_phone", Some(honest.seq)));

    lead.moved_to(relay.clone());
    let reply = relay.sync(&lead.device, lead.request()).unwrap();
    assert!(reply.offer_all && reply.cursor.epoch == 2, "the other's place is of the old epoch: no third one begins");
    assert_eq!(relay.counts().epochs.load(Ordering::Relaxed), 1);
    assert!(later > before.seq);
}

fn work_on(company: &Company, engineer: &mut crate::phone::Phone, lead: &mut crate::phone::Phone) -> u64 {
    company.ask("u-clerk", open("WO-9", "c-1"));
    company.ask("u-lead", assign("WO-9", "u-e1"));
    engineer.sync();
    lead.sync();
    reached(company.relay.store()).unwrap().unwrap().seq
}

#[test]
fn a_folder_that_nobody_touched_begins_no_epoch() {
    let site = Site::new();
    let company = site.founded();
    let [mut engineer, mut lead] = work(&company, 0, 2);
    drop(company);
    let relay = site.opened();
    for phone in [&mut engineer, &mut lead] {
        phone.moved_to(relay.clone());
        let reply = relay.sync(&phone.device, phone.request()).unwrap();
        assert!(!reply.offer_all && reply.cursor.epoch == 1);
    }
    assert!(epochs(relay.store()).unwrap().is_empty());
}
