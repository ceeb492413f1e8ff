//! The relay's disk dies. What its company had worked since the last backup comes back from the phones that are left:
//! their own work, others' work, decisions of the console; and what nobody held is named.

use outpost_device::device::Device;
use outpost_model::command::{Ask, RevokeReason};
use outpost_model::entry::VisitResult;
use outpost_model::fold::order::{OrderFacts, State};
use outpost_model::id::Hash;
use outpost_server::blob::shelf::folder::Folder;
use outpost_server::config::DataFolder;
use outpost_server::life::mark::Marks;
use outpost_server::life::{backup, doctor, restore};
use outpost_server::relay::{epochs, reached};
use outpost_server::store::all;
use outpost_tests::company::call::{arrive, leave, part, set};
use outpost_tests::company::{Company, HOUR, Hand, device};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Backups and keys, somewhere else.
struct Safe(tempfile::TempDir);

impl Safe {
    fn of(company: &Company) -> Self {
        let safe = Self(tempfile::tempdir().unwrap());
        let (folder, to) = (DataFolder::at(&company.relay_folder()), safe.backup());
        let (blobs, now) = (folder.blobs(), company.world.now());
        let order = backup::Order { folder: &folder, to: &to, blobs: &blobs, with_keys: false, now };
        backup::backup(&order, &|_, _, _| {}).unwrap();
        fs::create_dir(safe.keys()).unwrap();
        for key in fs::read_dir(folder.keys()).unwrap() {
            let key = key.unwrap();
            fs::copy(key.path(), safe.keys().join(key.file_name())).unwrap();
        }
        safe
    }

    fn backup(&self) -> PathBuf {
        self.0.path().join("backup.tar.zst")
    }

    fn keys(&self) -> PathBuf {
        self.0.path().join("keys")
    }

    /// The disk dies, and what the safe holds takes its place.
    fn restore(&self, company: &mut Company) -> restore::Restored {
        company.shut();
        let (to, from, keys) = (company.relay_folder(), self.backup(), self.keys());
        fs::remove_dir_all(&to).unwrap();
        let order = restore::Order { from: &from, to: &to, keys: Some(&keys), mark: None, now: company.world.now() };
        let restored = restore::restore(&order, &|_, _, _| {}).unwrap();
        company.reopen();
        restored
    }
}

/// Content hashes of all that a phone holds of the log, whoever wrote it.
fn held(hand: &mut Hand) -> BTreeSet<Hash> {
    let db = hand.database();
    let mut rows = db.prepare("select hash from log_row where aside = 0").unwrap();
    rows.query_map([], |row| row.get(0).map(Hash)).unwrap().collect::<Result<_, _>>().unwrap()
}

fn in_the_log(company: &Company) -> BTreeSet<Hash> {
    let read = |row: &rusqlite::Row<'_>| row.get(0).map(Hash);
    let rows = company.relay().store().read(|db| all(db, "select hash from log", [], read)).unwrap();
    rows.into_iter().collect()
}

fn diagnosed(folder: &Path) -> doctor::Diagnosis {
    let folder = DataFolder::at(folder);
    doctor::examine(&folder, &Marks::of(&folder, None), &Folder::new(folder.blobs())).unwrap()
}

/// What a call says, apart from where in the log its signature stands.
fn as_it_reads(mut facts: OrderFacts) -> OrderFacts {
    let signed = facts.visit_facts.iter_mut().filter_map(|visit| visit.signed.as_mut());
    signed.for_each(|signed| signed.seq = 0);
    facts
}

#[test]
fn after_a_restore_all_that_any_surviving_phone_held_is_there_again() {
    let mut company = Company::open();
    let [mut wang, mut li, mut zhou] = ["d-wang", "d-li", "d-zhou"].map(|id| company.met(id));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    wang.log(call.visit("V1"), [arrive()]);
    wang.sync();
    zhou.sync();
    let safe = Safe::of(&company);
    let backed_up = reached(company.relay().store()).unwrap().unwrap().seq;

    // A day that the backup doesn't know: work of three, calls that the clerk took, decisions of the console.
    wang.log(call.visit("V1"), [part("P-1", 2), leave(VisitResult::Fixed)]);
    wang.sign(call.visit("V1"), 5);
    wang.log(call.header(), [set("fault_cause", "密封老化")]);
    wang.sync();
    let later = company.dispatched("WO-2", "paper", "li");
    li.sync();
    li.log(later.visit("V1"), [arrive(), leave(VisitResult::Fixed)]);
    li.sync();
    zhou.sync();
    company.desk("zhou").ask(call.close());
    zhou.sync();
    // What no phone ever hears of.
    company.desk("hq").ask(Ask::Revoke { device: device("d-sun"), reason: RevokeReason::Lost });
    let before = in_the_log(&company);
    let lost_at = reached(company.relay().store()).unwrap().unwrap().seq;
    let facts = [&call, &later].map(|call| as_it_reads(company.order(call.id())));

    // The disk dies, and Wang's phone with it: what he logged is on his lead's phone only.
    let survivors: BTreeSet<Hash> = held(&mut li).union(&held(&mut zhou)).copied().collect();
    drop(wang);
    let restored = safe.restore(&mut company);
    assert_eq!((restored.epoch, restored.has_row_key), (2, true));
    assert_eq!(reached(company.relay().store()).unwrap().unwrap().seq, backed_up);
    assert_eq!(company.order(call.id()).state, State::OnSite);
    company.pass(HOUR);
    for _ in 0..2 {
        for hand in [&mut li, &mut zhou] {
            hand.sync();
            hand.was_refused_nothing();
        }
    }

    let after = in_the_log(&company);
    let missing: Vec<_> = survivors.difference(&after).collect();
    assert!(missing.is_empty(), "phones held what the log lacks: {missing:?}");
    // Under their own names and times: both calls read as they did before.
    for (call, then) in [&call, &later].into_iter().zip(facts) {
        assert_eq!(as_it_reads(company.order(call.id())), then, "{}", call.number);
    }
    // What nobody held is gone, and is named.
    let gone: Vec<_> = before.difference(&after).collect();
    assert!(!gone.is_empty() && gone.len() < 4, "{gone:?}");
    company.verify();
    let begun = epochs(company.relay().store()).unwrap().pop().unwrap();
    assert_eq!((begun.seq, begun.known), (backed_up, Some(lost_at - 1)), "the last row was the revocation");
    company.ends_well(&mut [&mut li, &mut zhou]);
    company.shut();
    let said = diagnosed(&company.relay_folder()).findings;
    let said = said.iter().find(|finding| finding.part == "past").expect("the gap is told");
    assert!(said.says.contains(&format!("without rows {}–{}", backed_up + 1, lost_at - 1)), "{}", said.says);
}

#[test]
fn a_folder_copied_back_by_hand_ends_like_a_restore() {
    let mut company = Company::open();
    let [mut wang, mut zhou] = ["d-wang", "d-zhou"].map(|id| company.met(id));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    company.shut();
    let (folder, copy) = (company.relay_folder(), tempfile::tempdir().unwrap());
    let files = ["outpost.db", "outpost.db-wal", "outpost.db-shm"];
    for name in files.iter().filter(|name| folder.join(name).exists()) {
        fs::copy(folder.join(name), copy.path().join(name)).unwrap();
    }
    company.reopen();
    wang.log(call.visit("V1"), [arrive(), part("P-1", 1)]);
    wang.sync();
    zhou.sync();
    company.desk("zhou").ask(call.helper("li"));
    wang.sync();
    zhou.sync();
    let before = in_the_log(&company);
    company.shut();
    for name in files {
        let _ = fs::remove_file(folder.join(name));
        if copy.path().join(name).exists() {
            fs::copy(copy.path().join(name), folder.join(name)).unwrap();
        }
    }
    company.reopen();
    assert_ne!(in_the_log(&company), before);
    // Nobody says anything to anybody: phones sync as they do.
    for _ in 0..2 {
        wang.sync();
        zhou.sync();
    }
    assert_eq!(in_the_log(&company), before);
    assert_eq!(company.relay().counts().epochs.load(std::sync::atomic::Ordering::Relaxed), 1);
    let begun = epochs(company.relay().store()).unwrap();
    assert_eq!((begun.len(), begun[0].why.as_str()), (1, "shown_by_phone"));
    company.ends_well(&mut [&mut wang, &mut zhou]);
}

#[test]
fn a_phone_of_a_time_that_was_lost_goes_on_capturing_meanwhile() {
    let mut company = Company::open();
    let mut wang = company.met("d-wang");
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    let safe = Safe::of(&company);
    wang.log(call.visit("V1"), [arrive()]);
    wang.sync();
    // Captured while nobody answered, resting on what the restored log lacks.
    wang.log(call.visit("V1"), [leave(VisitResult::Fixed)]);
    let steps = |device: &Device| device.sync_state().unwrap().items.len();
    assert_eq!(steps(wang.device()), 1);
    safe.restore(&mut company);
    wang.sync();
    wang.sync();
    assert_eq!(steps(wang.device()), 0);
    wang.was_refused_nothing();
    assert_eq!(company.order(call.id()).state, State::Finished);
    company.ends_well(&mut [&mut wang]);
}
