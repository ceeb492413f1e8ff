//! The disk is as bad as it says and no worse: SQLite keeps its promises on it, and only those.

use outpost_disk::Disk;
use rusqlite::{Connection, ErrorCode};
use std::path::Path;
use tempfile::TempDir;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}

fn mounted() -> (TempDir, Disk) {
    let folder = TempDir::new().unwrap();
    let disk = Disk::mount(folder.path());
    (folder, disk)
}

fn open(folder: &Path, synchronous: &str) -> rusqlite::Result<Connection> {
    let db = Connection::open(folder.join("a.db"))?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", synchronous)?;
    db.execute_batch("create table if not exists t (n integer primary key, text blob)")?;
    Ok(db)
}

fn rows(db: &Connection) -> i64 {
    let sound: String = db.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    db.query_row("select count(*) from t", [], |row| row.get(0)).unwrap()
}

/// Commits until the disk dies, cuts the power, and says how many commits were lost of how many.
fn lost(folder: &Path, disk: &Disk, synchronous: &str, dice: &mut Dice) -> (i64, i64) {
    disk.dies_after(1 + dice.below(300) as u64);
    let mut kept = 0;
    if let Ok(db) = open(folder, synchronous) {
        kept = db.query_row("select count(*) from t", [], |row| row.get(0)).unwrap_or(0);
        while db.execute("insert into t (text) values (randomblob(?1))", [dice.below(9_000) as i64]).is_ok() {
            kept += 1;
        }
    }
    disk.cut_power(|end| dice.below(end));
    let found = rows(&open(folder, "full").unwrap());
    ((kept - found).max(0), kept)
}

#[test]
fn what_was_committed_in_full_survives_every_power_cut() {
    for seed in 0..60 {
        let (folder, disk) = mounted();
        let mut dice = Dice(seed);
        for _ in 0..4 {
            let (lost, of) = lost(folder.path(), &disk, "full", &mut dice);
            assert_eq!(lost, 0, "seed {seed}: of {of}");
        }
    }
}

#[test]
fn what_was_not_synced_is_lost_now_and_then() {
    let sum: i64 = (0..20)
        .map(|seed| {
            let (folder, disk) = mounted();
            lost(folder.path(), &disk, "normal", &mut Dice(seed)).0
        })
        .sum();
    assert!(sum > 0, "the disk forgets nothing");
}

#[test]
fn a_process_that_dies_leaves_what_it_wrote_and_none_of_its_locks() {
    for seed in 0..60 {
        let (folder, disk) = mounted();
        let mut dice = Dice(seed);
        let db = open(folder.path(), "full").unwrap();
        let other = open(folder.path(), "full").unwrap();
        disk.dies_after(1 + dice.below(100) as u64);
        let mut kept = 0;
        while db.execute("insert into t (text) values (randomblob(3000))", []).is_ok() {
            kept += 1;
        }
        assert!(disk.is_dead());
        disk.revive();
        assert!(rows(&open(folder.path(), "full").unwrap()) >= kept, "seed {seed}");
        assert!(other.execute("insert into t (text) values (1)", []).is_err(), "the dead write on");
    }
}

#[test]
fn a_full_disk_says_so_and_goes_on_when_there_is_room() {
    let (folder, disk) = mounted();
    let db = open(folder.path(), "full").unwrap();
    disk.limit(100_000);
    let mut kept = 0;
    let no = loop {
        match db.execute("insert into t (text) values (randomblob(3000))", []) {
            Ok(_) => kept += 1,
            Err(no) => break no,
        }
    };
    assert_eq!(no.sqlite_error_code(), Some(ErrorCode::DiskFull));
    assert_eq!(rows(&db), kept);
    disk.free();
    db.execute("insert into t (text) values (1)", []).unwrap();
    assert_eq!(rows(&db), kept + 1);
}

#[test]
fn a_copy_is_the_folder_as_it_was_and_others_files_stay_where_they_are() {
    let (folder, disk) = mounted();
    let db = open(folder.path(), "full").unwrap();
    db.execute("insert into t (text) values (1)", []).unwrap();
    let image = disk.image();
    db.execute("insert into t (text) values (1)", []).unwrap();
    disk.lay(&image);
    assert_eq!(rows(&open(folder.path(), "full").unwrap()), 1);
    assert!(!folder.path().join("a.db").exists());
    let (other, there) = mounted();
    there.lay(&image);
    assert_eq!(rows(&open(other.path(), "full").unwrap()), 1, "a copy can be laid elsewhere");
    let elsewhere = TempDir::new().unwrap();
    drop(open(elsewhere.path(), "full").unwrap());
    assert!(elsewhere.path().join("a.db").exists());
}

#[test]
fn readers_and_a_writer_in_threads_see_whole_commits() {
    let (folder, _disk) = mounted();
    let db = open(folder.path(), "full").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let db = Connection::open(folder.path().join("a.db")).unwrap();
                for _ in 0..200 {
                    let n: i64 = db.query_row("select count(*) from t", [], |row| row.get(0)).unwrap();
                    assert_eq!(n % 3, 0);
                }
            });
        }
        for _ in 0..200 {
            db.execute_batch(
                "begin; insert into t values (null, 1), (null, 2); insert into t values (null, 3); commit",
            )
            .unwrap();
        }
    });
    assert_eq!(rows(&db), 600);
}
