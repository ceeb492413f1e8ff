//! A log that was put back to an earlier time: what it lost comes back from the phones that survived, word for word.

use crate::company::*;
use crate::phone::{Phone, admitted, refused};
use crate::scopes::{register, remark};
use outpost_model::command::{Ask, RevokeReason, Series};
use outpost_model::decision::Pins;
use outpost_model::entry::Body;
use outpost_model::id::{Hash, PageId};
use outpost_model::wire::{BringBack, Content, Verdict};
use outpost_server::relay::begin_epoch;
use outpost_server::store::Store;
use std::collections::{BTreeMap, BTreeSet};

/// What two phones and the office logged before a copy was taken, and after it.
struct Lost {
    /// The relay on the older copy.
    company: Company,
    hq: Phone,
    engineer: Phone,
    /// What headquarters' phone held of each page.
    held: BTreeMap<PageId, BTreeSet<Hash>>,
    _folder: tempfile::TempDir,
}

fn lose() -> Lost {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::on(Store::open(&folder.path().join("first")).unwrap());
    let (mut hq, mut engineer) = (company.phone("d-hq"), company.phone("d-e1"));
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.ask("u-lead", assign("WO-1", "u-e1"));
    engineer.sync();
    engineer.log(&visit("WO-1", "v1"), &[Body::Depart {}]);
    engineer.sync_admitted();
    hq.sync();
    company.copy_to(&folder.path().join("copy"));
    // All of this the copy doesn't know.
    engineer.log(&visit("WO-1", "v1"), &[Body::Arrive { place: None }]);
    engineer.ask(open("WO-2", "c-1"));
    engineer.log(&visit("WO-2", "v2"), &[Body::Depart {}]);
    engineer.ask(Ask::LeaseNumbers { series: Series::Receipt, count: 20 });
    engineer.sync_admitted();
    company.ask("u-clerk", open("WO-3", "c-2"));
    company.write("u-clerk", order("WO-3"), vec![register(), remark("from the office")]);
    company.ask("u-lead2", assign("WO-3", "u-e2"));
    company.ask("u-lead", assign("WO-1", "u-e3"));
    company.ask("u-hq", Ask::Revoke { device: device("d-e5"), reason: RevokeReason::Stolen });
    hq.sync();
    engineer.sync();
    let held = hq.rows.keys().map(|page| (*page, hq.hashes(*page))).collect();
    let clock = company.clock.clone();
    drop(company);
    let store = Store::open(&folder.path().join("copy")).unwrap();
    begin_epoch(&store).unwrap();
    let company = Company::again(store, clock);
    hq.moved_to(company.relay.clone());
    engineer.moved_to(company.relay.clone());
    Lost { company, hq, engineer, held, _folder: folder }
}

fn brings(lost: &Lost, phone: &Phone, rows: BringBack) -> Vec<Verdict> {
    lost.company.relay.bring_back(&phone.device, rows).unwrap()
}

#[test]
fn one_surviving_phone_brings_back_everybodys_rows_and_decisions() {
    let lost = lose();
    let rows = lost.hq.all_rows();
    let verdicts = brings(&lost, &lost.hq, rows.clone());
    let mut back = 0;
    for (brought, verdict) in rows.rows.iter().zip(&verdicts) {
        let (was, now) = match verdict {
            Verdict::Admitted(envelope) => {
                back += 1;
                (&brought.row.envelope, envelope)
            }
            Verdict::AlreadyHad(envelope) => (&brought.row.envelope, envelope),
            other => panic!("{other:?}: {:?}", brought.row),
        };
        // Word for word: who, through which device, received when; only its place is another.
        let received = |envelope: &outpost_model::envelope::Envelope| envelope.admitted.unwrap().received;
        assert_eq!((&was.device, &was.user, was.contact, was.floor), (&now.device, &now.user, now.contact, now.floor));
        assert_eq!(received(was), received(now));
    }
    assert!(back >= 8, "{back} rows came back");
    // Brought again, nothing happens.
    let again = brings(&lost, &lost.hq, rows);
    assert!(again.iter().all(|verdict| matches!(verdict, Verdict::AlreadyHad(_))));
    // A phone that holds nothing gets all of it, and its sums agree.
    let mut fresh = lost.company.phone("d-hq");
    fresh.sync();
    let now: BTreeMap<_, _> = fresh.rows.keys().map(|page| (*page, fresh.hashes(*page))).collect();
    assert_eq!(now, lost.held);
    // Decisions count again, also those about phones.
    assert!(lost.company.relay.device(&device("d-e5")).unwrap().unwrap().revoked.is_some());
    let mut second = lost.company.phone("d-e2");
    second.sync();
    assert!(second.has_order("WO-3"));
    lost.company.verify();
}

#[test]
fn what_was_captured_meanwhile_waits_for_what_comes_back() {
    let mut lost = lose();
    // On top of what only this phone and the lost time know.
    lost.engineer.log(&visit("WO-2", "v2"), &[Body::Arrive { place: None }]);
    let steps = lost.engineer.steps.clone();
    let headers = lost.engineer.headers.clone();
    let request = lost.engineer.request();
    let reply = lost.company.relay.sync(&lost.engineer.device, request).unwrap();
    assert!(reply.offer_all);
    assert!(matches!(reply.verdicts[0].verdict, Verdict::Deferred(_, 0)));
    let rows = lost.hq.all_rows();
    brings(&lost, &lost.hq, rows);
    lost.engineer.cursor = Some(reply.cursor);
    (lost.engineer.steps, lost.engineer.headers) = (steps, headers);
    let request = lost.engineer.request();
    let reply = lost.company.relay.sync(&lost.engineer.device, request).unwrap();
    admitted(&reply.verdicts[0].verdict);
    lost.company.verify();
}

#[test]
fn a_row_that_was_touched_proves_nothing() {
    let lost = lose();
    let rows = lost.hq.all_rows();
    let change = rows.rows.iter().rposition(|back| matches!(back.row.content, Content::Change(_))).unwrap();
    let forgeries: [fn(&mut outpost_model::wire::LogRow); 5] = [
        |row| row.mac[3] ^= 1,
        |row| row.envelope.user = user("u-lead"),
        |row| row.envelope.admitted.as_mut().unwrap().received.0 -= 1,
        |row| row.envelope.admitted.as_mut().unwrap().seq += 1,
        |row| row.page = named("elsewhere"),
    ];
    for forge in forgeries {
        let mut one = BringBack { pages: rows.pages.clone(), rows: vec![rows.rows[change].clone()] };
        forge(&mut one.rows[0].row);
        assert_eq!(refused(&brings(&lost, &lost.hq, one)[0]).code.0, "row_unproven");
    }
    // The right row on somebody else's page.
    let mut one = BringBack { pages: vec![order("WO-1").canonical()], rows: vec![rows.rows[change].clone()] };
    one.rows[0].page = Some(0);
    assert_eq!(refused(&brings(&lost, &lost.hq, one)[0]).code.0, "page_mismatch");
    // Whoever may not sync may not bring anything back either.
    let nobody = lost.company.relay.bring_back(&device("d-nobody"), rows);
    assert_eq!(nobody.unwrap_err().code.name(), "device_unknown");
    lost.company.verify();
}

#[test]
fn what_was_decided_anew_since_stands_over_what_comes_back() {
    let lost = lose();
    // Nobody remembered that WO-1 had been given to u-e3.
    lost.company.ask("u-lead", assign("WO-1", "u-e5"));
    let rows = lost.hq.all_rows();
    let verdicts = brings(&lost, &lost.hq, rows.clone());
    let stale = verdicts.iter().filter_map(|verdict| match verdict {
        Verdict::Refused(refused) => Some((refused.code.0.as_str(), refused.by.clone())),
        _ => None,
    });
    assert_eq!(stale.collect::<Vec<_>>(), [("superseded", Some(user("u-lead")))]);
    let mut phone = lost.company.phone("d-e5");
    // Its revocation came back too.
    assert_eq!(phone.try_sync().unwrap_err().code.name(), "device_revoked");
    lost.company.verify();
}

#[test]
fn no_number_that_the_log_forgot_is_leased_again() {
    let lost = lose();
    let mut other = lost.company.phone("d-e3");
    other.ask(Ask::LeaseNumbers { series: Series::Receipt, count: 20 });
    other.sync_admitted();
    // Whose numbers they are, his phone brings his lease back.
    let verdicts = brings(&lost, &lost.engineer, lost.engineer.all_rows());
    assert!(verdicts.iter().any(|verdict| matches!(verdict, Verdict::Admitted(_))));
    let leased = |phone: &Phone| -> Vec<String> {
        let rows = phone.rows.values().flat_map(BTreeMap::values);
        let pins = rows.filter_map(|row| match &row.content {
            Content::Decision(_, pins) => serde_json::from_str::<Pins>(pins).unwrap().block,
            Content::Change(_) => None,
        });
        pins.map(|block| block.number(block.first)).collect()
    };
    other.sync();
    let (first, second) = (leased(&lost.engineer), leased(&other));
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_ne!(first, second);
    // And whoever comes next gets neither's.
    other.ask(Ask::LeaseNumbers { series: Series::Receipt, count: 20 });
    other.sync_admitted();
    other.sync();
    let numbers: BTreeSet<String> = leased(&other).into_iter().chain(first).collect();
    assert_eq!(numbers.len(), 3, "{numbers:?}");
    lost.company.verify();
}
