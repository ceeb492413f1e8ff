//! Damaged folders: what is said of them, and what can be saved. Whatever happens to the bytes, nothing panics, and
//! what was taken and what is listed are together all there was.

use crate::company::*;
use crate::site::*;
use outpost_model::entry::Body;
use outpost_server::blob::shelf::folder::Folder;
use outpost_server::config::DataFolder;
use outpost_server::life::LifeFault;
use outpost_server::life::doctor::{Diagnosis, Gravity, examine};
use outpost_server::life::salvage::{Salvaged, salvage};
use outpost_server::relay::{epochs, reached};
use outpost_server::store::Store;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A place to be random in, by a seed that a failure names.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }
}

struct Patient {
    site: Site,
    /// The log as it was.
    rows: u64,
    whole: Vec<(u64, Vec<u8>)>,
}

fn log_of(data: &Path) -> Vec<(u64, Vec<u8>)> {
    let db = rusqlite::Connection::open(data.join("outpost.db")).unwrap();
    let mut query = db.prepare("select seq, payload from log order by seq").unwrap();
    query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
}

impl Patient {
    fn new() -> Self {
        let site = Site::new();
        let company = site.founded();
        work(&company, 0, 12);
        site.marks().write(&reached(company.relay.store()).unwrap().unwrap()).unwrap();
        drop(company);
        let whole = log_of(&site.data());
        Self { rows: whole.len() as u64, site, whole }
    }

    /// The same folder again, to be damaged.
    fn copy(&self, name: &str) -> std::path::PathBuf {
        let to = self.site.path(name);
        let _ = fs::remove_dir_all(&to);
        cp(&self.site.data(), &to);
        // Its mark goes with it.
        fs::copy(self.site.path("data.mark"), self.site.path(&format!("{name}.mark"))).unwrap();
        to
    }

    fn examine(&self, data: &Path) -> Diagnosis {
        let folder = DataFolder::at(data);
        let marks = outpost_server::life::mark::Marks::of(&folder, None);
        examine(&folder, &marks, &Folder::new(folder.blobs())).unwrap()
    }

    fn salvage(&self, data: &Path, to: &Path) -> Result<Salvaged, LifeFault> {
        let folder = DataFolder::at(data);
        let marks = outpost_server::life::mark::Marks::of(&folder, None);
        let _ = fs::remove_dir_all(to);
        salvage(&folder, &marks, to, LATER, QUIET)
    }

    /// Salvages, and sees that nothing is lost silently: every sequence is taken or listed, and what was taken is what
    /// it was, in its order.
    fn saved(&self, data: &Path, what: &str) -> Option<Salvaged> {
        let to = self.site.path("saved");
        let salvaged = match self.salvage(data, &to) {
            Ok(salvaged) => salvaged,
            // Not one row of a log is left: that is said, too.
            Err(LifeFault::NoCompany(_)) => return None,
            Err(other) => panic!("{what}: {other}"),
        };
        assert!(salvaged.report.is_clean(), "{what}: {:#?}", salvaged.report.differences().collect::<Vec<_>>());
        assert!(salvaged.last >= self.rows, "{what}: the mark knows of all {} rows", self.rows);
        let listed: BTreeSet<u64> = salvaged.listed.iter().map(|listed| listed.seq).collect();
        assert_eq!(salvaged.taken + listed.len() as u64, salvaged.last, "{what}");
        let lines = fs::read_to_string(to.join("salvage.jsonl")).unwrap();
        assert_eq!(lines.lines().count(), listed.len(), "{what}: each has its line");
        let kept: Vec<Vec<u8>> = log_of(&to).into_iter().map(|(_, payload)| payload).collect();
        let expected = self.whole.iter().filter(|(seq, _)| !listed.contains(seq));
        let expected: Vec<Vec<u8>> = expected.map(|(_, payload)| payload.clone()).collect();
        assert_eq!(kept.len(), expected.len(), "{what}");
        assert!(kept == expected, "{what}: rows were altered");
        let begun = epochs(&Store::open(&to).unwrap()).unwrap().pop().unwrap();
        assert_eq!((begun.why.as_str(), begun.known), ("salvaged", Some(salvaged.last)), "{what}");
        Some(salvaged)
    }
}

#[test]
fn a_sound_folder_is_said_to_be_sound_and_is_only_read() {
    let patient = Patient::new();
    let data = patient.site.data();
    let before = fs::read(data.join("outpost.db")).unwrap();
    let diagnosis = patient.examine(&data);
    assert_eq!(diagnosis.gravity(), Gravity::Whole, "{:#?}", diagnosis.findings);
    let salvaged = patient.saved(&data, "sound").unwrap();
    assert_eq!((salvaged.taken, salvaged.listed.len(), salvaged.unproved.len()), (patient.rows, 0, 0));
    assert!(salvaged.tables.is_empty() && salvaged.phones.is_empty(), "{:?}{:?}", salvaged.tables, salvaged.phones);
    assert_eq!(fs::read(data.join("outpost.db")).unwrap(), before);
    // The new folder goes on: a phone that held everything finds its way in.
    let relay = opened(&patient.site.path("saved"));
    assert_eq!(relay.devices().unwrap().len(), 7 + 2, "phones and places at the console");
}

#[test]
fn bytes_flipped_anywhere_are_survived_and_nothing_is_lost_silently() {
    let patient = Patient::new();
    let (mut lost, mut sound) = (0, 0);
    for seed in 1..=60_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let data = patient.copy("flipped");
        let file = data.join("outpost.db");
        let mut bytes = fs::read(&file).unwrap();
        for _ in 0..=dice.below(12) {
            let place = dice.below(bytes.len());
            bytes[place] ^= 1 << dice.below(8);
        }
        fs::write(&file, bytes).unwrap();
        let diagnosis = patient.examine(&data);
        if let Some(salvaged) = patient.saved(&data, &format!("seed {seed}")) {
            lost += salvaged.listed.len();
            if diagnosis.gravity() == Gravity::Whole {
                sound += 1;
                assert!(salvaged.listed.is_empty(), "seed {seed}: what is called sound has lost nothing");
            }
        }
    }
    assert!(lost < 60 * patient.rows as usize / 4, "{lost} rows listed of {}", 60 * patient.rows);
    println!("{lost} rows listed over 60 folders of {} rows; {sound} folders were sound all the same", patient.rows);
}

#[test]
fn pages_overwritten_lose_what_was_on_them_and_no_more() {
    let patient = Patient::new();
    for seed in 1..=25_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let data = patient.copy("overwritten");
        let file = data.join("outpost.db");
        let mut bytes = fs::read(&file).unwrap();
        let pages = bytes.len() / 4_096;
        let page = dice.below(pages);
        bytes[page * 4_096..(page + 1) * 4_096].fill(seed as u8);
        fs::write(&file, bytes).unwrap();
        let diagnosis = patient.examine(&data);
        assert_ne!(diagnosis.gravity(), Gravity::Unknown, "seed {seed}");
        let salvaged = patient.saved(&data, &format!("seed {seed}, page {page}")).unwrap();
        assert!(salvaged.taken > 0, "seed {seed}");
    }
}

#[test]
fn a_file_cut_short_gives_what_is_left() {
    let patient = Patient::new();
    let size = fs::metadata(patient.site.data().join("outpost.db")).unwrap().len();
    for tenths in 0..10 {
        let data = patient.copy("cut");
        let file = fs::OpenOptions::new().write(true).open(data.join("outpost.db")).unwrap();
        file.set_len(size * tenths / 10).unwrap();
        drop(file);
        assert_eq!(patient.examine(&data).gravity(), Gravity::Damaged, "{tenths} tenths");
        if tenths > 0 {
            patient.saved(&data, &format!("{tenths} tenths"));
        }
    }
}

#[test]
fn a_wal_that_was_deleted_is_missed() {
    let patient = Patient::new();
    // The newest rows stand in the WAL alone, as after a crash.
    let data = patient.copy("crashed");
    {
        let relay = opened(&data);
        let mut phone = crate::phone::Phone::new(
            relay.clone(),
            std::sync::Arc::new(outpost_server::clock::VirtualClock::at(LATER)),
            device("d-e3"),
            user("u-e3"),
        );
        phone.log(&month("u-e3"), &[Body::ClockIn { place: None }]);
        phone.sync();
        let folder = DataFolder::at(&data);
        let marks = outpost_server::life::mark::Marks::of(&folder, None);
        marks.write(&reached(relay.store()).unwrap().unwrap()).unwrap();
        cp(&data, &patient.site.path("asleep"));
        fs::copy(patient.site.path("crashed.mark"), patient.site.path("asleep.mark")).unwrap();
    }
    let asleep = patient.site.path("asleep");
    assert!(fs::metadata(asleep.join("outpost.db-wal")).unwrap().len() > 0);
    let salvaged = patient.salvage(&asleep, &patient.site.path("with")).unwrap();
    assert_eq!((salvaged.taken, salvaged.listed.len()), (patient.rows + 1, 0), "what stands in the WAL counts");

    for name in ["outpost.db-wal", "outpost.db-shm"] {
        fs::remove_file(asleep.join(name)).unwrap();
    }
    let diagnosis = patient.examine(&asleep);
    assert_eq!(diagnosis.gravity(), Gravity::Damaged);
    assert_eq!(diagnosis.lost, BTreeSet::from([patient.rows + 1]), "{:#?}", diagnosis.findings);
    let salvaged = patient.salvage(&asleep, &patient.site.path("without")).unwrap();
    assert_eq!((salvaged.taken, salvaged.listed.len()), (patient.rows, 1));
    assert_eq!(salvaged.listed[0].seq, patient.rows + 1);
}

fn alter(data: &Path, sql: &str) {
    let db = rusqlite::Connection::open(data.join("outpost.db")).unwrap();
    assert!(db.execute(sql, []).unwrap() > 0, "{sql}");
}

#[test]
fn a_row_that_was_altered_is_told_from_those_around_it() {
    let patient = Patient::new();
    let last = patient.rows;
    for (sql, unproved, lost) in [
        // Content: its own hash tells.
        ("update log set payload = x'00' || payload where seq = 40 and kind = 'change'", vec![], vec![40]),
        // Who sent it when: the chain tells.
        ("update log set received = received - 1 where seq = 41", vec![41], vec![]),
        ("update log set person = 'u-e2' where seq = 41", vec![41], vec![]),
        // A link alone: what follows proves the row.
        ("update log set chain = zeroblob(32) where seq = 41", vec![], vec![]),
        ("delete from log where seq = 41", vec![], vec![41]),
    ] {
        let data = patient.copy("altered");
        let sql = sql.replace("= 40 and", &format!("= {} and", change_near(&data, 40)));
        let lost: Vec<u64> = lost.iter().map(|seq| if *seq == 40 { change_near(&data, 40) } else { *seq }).collect();
        alter(&data, &sql);
        let diagnosis = patient.examine(&data);
        assert_eq!(diagnosis.gravity(), Gravity::Damaged, "{sql}");
        assert_eq!(diagnosis.lost.iter().copied().collect::<Vec<_>>(), lost, "{sql}");
        let named: Vec<u64> = diagnosis.unproved.iter().copied().collect();
        let follows = |seq: &u64| unproved.contains(seq) || lost.contains(&(seq - 1));
        assert!(named.iter().all(follows) && unproved.iter().all(|seq| named.contains(seq)), "{sql}: {named:?}");
        let salvaged = patient.saved(&data, &sql).unwrap();
        assert_eq!(salvaged.last, last);
    }
}

fn change_near(data: &Path, seq: u64) -> u64 {
    let db = rusqlite::Connection::open(data.join("outpost.db")).unwrap();
    let sql = "select min(seq) from log where kind = 'change' and seq >= ?1";
    db.query_row(sql, [seq], |row| row.get(0)).unwrap()
}

#[test]
fn what_is_worked_out_from_the_log_is_told_from_the_log() {
    let patient = Patient::new();
    for sql in [
        "update order_row set state = 'lost' where number = 'WO-3'",
        "delete from scope_page where rowid in (select rowid from scope_page limit 5)",
        "update page set total = zeroblob(16)",
    ] {
        let data = patient.copy("books");
        alter(&data, sql);
        assert_eq!(patient.examine(&data).gravity(), Gravity::Rebuild, "{sql}");
        assert_eq!(patient.saved(&data, sql).unwrap().listed.len(), 0);
        outpost_server::relay::rebuild(&Store::open(&data).unwrap()).unwrap();
        assert_eq!(patient.examine(&data).gravity(), Gravity::Whole, "{sql}");
    }
    // A page's header is no more than a help: the page's bytes say whether one fits.
    let data = patient.copy("headers");
    alter(&data, "update page set header = ''");
    let salvaged = patient.saved(&data, "headers").unwrap();
    assert!(salvaged.listed.len() * 20 < patient.rows as usize, "{:?}", salvaged.listed);
}

#[test]
fn missing_keys_files_and_a_newer_layout_are_said() {
    let patient = Patient::new();
    let data = patient.copy("keyless");
    fs::remove_file(data.join("keys/rows.key")).unwrap();
    let says = patient.examine(&data).findings;
    assert!(says.iter().any(|finding| finding.part == "keys" && finding.gravity == Gravity::Damaged), "{says:?}");
    assert!(patient.salvage(&data, &patient.site.path("k")).unwrap().keys_missing);

    let data = patient.copy("fileless");
    alter(
        &data,
        "insert into blob (tenant, blob, place, size, kind, at) values ('acme', zeroblob(32), 'ab/cd', 6, 1, 0)",
    );
    let diagnosis = patient.examine(&data);
    let says = diagnosis.findings.iter().find(|finding| finding.says.contains("missing")).unwrap();
    assert_eq!((says.part, diagnosis.gravity()), ("files", Gravity::Damaged));

    let data = patient.copy("newer");
    let db = rusqlite::Connection::open(data.join("outpost.db")).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    drop(db);
    assert_eq!(patient.examine(&data).gravity(), Gravity::Unknown);
    for gravity in [Gravity::Whole, Gravity::Notice, Gravity::Rebuild, Gravity::Damaged, Gravity::Unknown] {
        assert_ne!(gravity.exit_code(), 1, "1 says that it couldn't be looked at");
    }
}
