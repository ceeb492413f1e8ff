//! Backups and what becomes of them.

use crate::company::*;
use crate::site::*;
use outpost_model::entry::Body;
use outpost_server::config::DataFolder;
use outpost_server::life::backup::{self, Made, backup};
use outpost_server::life::restore::{self, Restored, restore};
use outpost_server::life::{LifeFault, archive};
use outpost_server::relay::epochs;
use outpost_server::store::Store;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

fn taken(site: &Site, to: &Path, with_keys: bool) -> Result<Made, LifeFault> {
    let folder = DataFolder::at(&site.data());
    let blobs = folder.blobs();
    backup(&backup::Order { folder: &folder, to, blobs: &blobs, with_keys, now: LATER }, QUIET)
}

fn put(from: &Path, to: &Path, keys: Option<&Path>) -> Result<Restored, LifeFault> {
    restore(&restore::Order { from, to, keys, mark: None, now: LATER }, QUIET)
}

#[test]
fn a_backup_taken_while_people_write_is_one_moment_of_the_log() {
    let site = Site::new();
    let company = site.founded();
    work(&company, 0, 3);
    let stop = AtomicBool::new(false);
    let made = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut phone = company.phone("d-e3");
            while !stop.load(Ordering::Relaxed) {
                phone.log(&month("u-e3"), &[Body::ClockIn { place: None }]);
                phone.sync();
            }
        });
        let made: Vec<Made> =
            (0..3).map(|n| taken(&site, &site.path(&format!("b{n}.tar.zst")), false).unwrap()).collect();
        stop.store(true, Ordering::Relaxed);
        made
    });
    for (n, made) in made.iter().enumerate() {
        let to = site.path(&format!("r{n}"));
        let restored = put(&made.file, &to, Some(&site.data().join("keys"))).unwrap();
        assert_eq!(rows(&to), made.manifest.seq);
        assert!(restored.report.is_clean() && restored.has_row_key && restored.epoch == 2);
        let begun = epochs(&Store::open(&to).unwrap()).unwrap();
        assert_eq!((begun.len(), begun[0].why.as_str(), begun[0].seq), (1, "restored", made.manifest.seq));
    }
    assert_eq!(
        fs::read_dir(site.dir.path()).unwrap().count(),
        1 + 3 + 3 + 3,
        "data, backups, folders, marks: no scraps"
    );
}

#[test]
fn keys_go_along_only_where_they_are_asked_for() {
    let site = Site::new();
    drop(site.founded());
    let plain = taken(&site, &site.path("plain"), false).unwrap();
    let with = taken(&site, &site.path("with"), true).unwrap();
    assert!(!plain.manifest.has_keys() && with.manifest.has_keys());
    let bytes = zstd::decode_all(fs::File::open(&plain.file).unwrap()).unwrap();
    assert!(!bytes.windows(32).any(|part| part == [7; 32]), "the key's bytes");
    let restored = put(&plain.file, &site.path("a"), None).unwrap();
    assert!(!restored.has_row_key);
    let restored = put(&with.file, &site.path("b"), None).unwrap();
    assert!(restored.has_row_key);
    assert_eq!(fs::read(site.path("b/keys/rows.key")).unwrap(), [7; 32]);
    assert!(matches!(put(&plain.file, &site.path("c"), Some(site.dir.path())), Err(LifeFault::BadKeys(..))));
    assert!(!site.path("c").exists());
}

#[test]
fn files_go_along_and_damaged_ones_are_named() {
    let site = Site::new();
    drop(site.founded());
    let shelf = site.data().join("blobs/ab");
    fs::create_dir_all(&shelf).unwrap();
    fs::write(shelf.join("cd"), "stroke").unwrap();
    let made = taken(&site, &site.path("b"), false).unwrap();
    assert_eq!(made.manifest.blobs(), (1, 6));
    put(&made.file, &site.path("r"), None).unwrap();
    assert_eq!(fs::read(site.path("r/blobs/ab/cd")).unwrap(), b"stroke");

    // A file that its row knows by another hash.
    let store = Store::open(&site.data()).unwrap();
    store
        .write(|tx| {
            let sql = "insert into blob (tenant, blob, place, size, kind, at) values ('acme', $1, 'ab/cd', 6, 1, 0)";
            outpost_server::store::change(tx, sql, [[9_u8; 32]]).map(drop)
        })
        .unwrap();
    let made = taken(&site, &site.path("c"), false).unwrap();
    assert_eq!((made.manifest.blobs().0, made.manifest.left_out.len()), (0, 1));
    assert_eq!(made.manifest.left_out[0].name, "blobs/ab/cd");
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let site = Site::new();
    drop(site.founded());
    fs::write(site.path("b"), "mine").unwrap();
    assert!(matches!(taken(&site, &site.path("b"), false), Err(LifeFault::Exists(_))));
    assert_eq!(fs::read(site.path("b")).unwrap(), b"mine");
    let made = taken(&site, &site.path("folder/"), false).unwrap();
    assert!(made.file.to_string_lossy().ends_with("folder/outpost-acme-20270115T080000Z.tar.zst"), "{:?}", made.file);
    assert!(matches!(put(&made.file, &site.data(), None), Err(LifeFault::NotEmpty(_))));
    fs::create_dir(site.path("empty")).unwrap();
    put(&made.file, &site.path("empty"), None).unwrap();
    is_sound(&site.path("empty"));
}

#[test]
fn a_backup_that_is_cut_or_altered_anywhere_is_refused_and_leaves_nothing() {
    let site = Site::new();
    work(&site.founded(), 0, 1);
    let good = taken(&site, &site.path("b"), false).unwrap();
    let bytes = fs::read(&good.file).unwrap();
    let mut cases: Vec<Vec<u8>> = [0, 3, 100, bytes.len() / 2, bytes.len() - 1].map(|end| bytes[..end].to_vec()).into();
    for place in (0..bytes.len()).step_by(bytes.len() / 40) {
        let mut altered = bytes.clone();
        altered[place] ^= 0x20;
        cases.push(altered);
    }
    cases.push(b"PK\x03\x04 something else".to_vec());
    for (n, case) in cases.iter().enumerate() {
        fs::write(site.path("case"), case).unwrap();
        let done = put(&site.path("case"), &site.path("r"), None);
        assert!(done.is_err(), "case {n}");
        assert!(!site.path("r").exists());
    }
    let left = fs::read_dir(site.dir.path()).unwrap().count();
    assert_eq!(left, 3, "data, the backup, the case: no scraps");
}

#[test]
fn an_archive_reaches_nowhere_but_where_it_belongs() {
    let site = Site::new();
    for name in ["../out", "/etc/out", "outpost.db/../../out", "somewhere/else"] {
        let mut tar = tar::Builder::new(zstd::Encoder::new(fs::File::create(site.path("evil")).unwrap(), 1).unwrap());
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(4);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        tar.append(&header, &b"evil"[..]).unwrap();
        tar.into_inner().unwrap().finish().unwrap();
        assert!(archive::read(&site.path("evil"), Some(&site.path("r/in")), QUIET).is_err(), "{name}");
        assert!(!site.path("r/out").exists() && !site.path("out").exists());
    }
}

#[test]
fn a_damaged_folder_makes_no_backup() {
    let site = Site::new();
    work(&site.founded(), 0, 4);
    let store = rusqlite::Connection::open(site.data().join("outpost.db")).unwrap();
    store.execute("update log set received = received + 1 where seq = 20", []).unwrap();
    drop(store);
    let refused = taken(&site, &site.path("b"), false).unwrap_err();
    assert!(matches!(&refused, LifeFault::Damaged(what) if what.contains("row 20")), "{refused}");
    assert!(!site.path("b").exists());
}
