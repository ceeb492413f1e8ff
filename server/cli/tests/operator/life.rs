//! `outpost backup`, `restore` and `doctor`; a folder that was copied back; what `outpost rescue` and `review` do
//! stands in its own file.

use super::site::{Site, outpost};
use std::fs;
use std::path::Path;
use std::process::Output;

fn cp(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (entry, target) = (entry.as_ref().unwrap(), to.join(entry.as_ref().unwrap().file_name()));
        if entry.file_type().unwrap().is_dir() {
            cp(&entry.path(), &target)
        } else {
            drop(fs::copy(entry.path(), target))
        }
    }
}

fn said(output: &Output) -> (i32, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8(text).unwrap())
}

fn restore(site: &Site, backup: &str, to: &str, more: &[&str]) -> (i32, String) {
    let mut command = outpost(&["restore", "--from"]);
    command.arg(site.path(backup)).arg("--data").arg(site.path(to)).args(more);
    said(&command.output().unwrap())
}

#[test]
fn a_company_is_backed_up_while_it_is_served_and_restored() {
    let site = Site::empty();
    let relay = site.serve(&[]);
    site.done(&["station", "add", "st-1", "--name", "济南驻点"]);
    let backup = site.path("monday.tar.zst");
    let out = site.done(&["backup", "--to", backup.to_str().unwrap()]);
    assert!(out.contains("Read back whole: it is good") && out.contains("The keys aren't in it"), "{out}");
    // Never over what is there.
    let refusal = site.refused(&["backup", "--to", backup.to_str().unwrap()]);
    assert!(refusal.contains("exists already") && refusal.contains("[folder_taken]"), "{refusal}");
    let folder = site.path("backups/");
    let out = site.done(&["backup", "--with-keys", "--to", folder.to_str().unwrap()]);
    assert!(out.contains("backups/outpost-company-") && out.contains("Keep it like a key"), "{out}");
    site.done(&["station", "add", "st-2", "--name", "烟台驻点"]);
    relay.stop();

    let keys = site.data().join("keys");
    let (code, out) = restore(&site, "monday.tar.zst", "new", &["--keys", keys.to_str().unwrap()]);
    assert_eq!(code, 0, "{out}");
    for sentence in
        ["epoch 2 begins", "Comes back by itself", "from any phone", "Does not come back by itself", "phones revoked"]
    {
        assert!(out.contains(sentence), "{sentence}: {out}");
    }
    let (code, out) = restore(&site, "monday.tar.zst", "new", &[]);
    assert!(code == 1 && out.contains("isn't empty"), "{out}");
    let (code, out) = restore(&site, "monday.tar.zst", "keyless", &[]);
    assert!(code == 0 && out.contains("the keys are missing"), "{out}");
    // In the place of the folder that was lost: how far that had come is known there.
    let mark = fs::read_to_string(site.path("data.mark")).unwrap();
    let lost: serde_json::Value = serde_json::from_str(&mark).unwrap();
    fs::remove_dir_all(site.data()).unwrap();
    let (code, out) = restore(&site, "monday.tar.zst", "data", &[]);
    assert!(code == 0 && out.contains(&format!("The log had reached row {}", lost["seq"])), "{out}");

    assert!(site.done(&["verify"]).contains("Sound"));
    let served = site.serve(&[]);
    assert!(!served.welcome().contains("密码"), "it is the same company: {}", served.welcome());
    let (code, log) = served.stop();
    assert!(code == 0 && !log.contains("put back"), "a restore isn't noticed as a folder copied back: {log}");
}

#[test]
fn a_backup_is_an_archive_that_other_tools_open() {
    let (site, _) = Site::founded();
    let backup = site.path("b.tar.zst");
    site.done(&["backup", "--to", backup.to_str().unwrap()]);
    let plain = zstd::decode_all(fs::File::open(&backup).unwrap()).unwrap();
    let names: Vec<String> = plain
        .chunks(512)
        .filter(|block| block.len() == 512 && &block[257..262] == b"ustar")
        .map(|block| String::from_utf8_lossy(&block[..100]).trim_end_matches('\0').to_owned())
        .collect();
    assert_eq!(names, ["outpost.db", "manifest.json"]);
    fs::write(&backup, &fs::read(&backup).unwrap()[..500]).unwrap();
    let (code, out) = restore(&site, "b.tar.zst", "r", &[]);
    assert!(code == 1 && out.contains("[backup_damaged]") && !site.path("r").exists(), "{out}");
}

#[test]
fn a_folder_copied_back_is_noticed_by_the_next_start() {
    let (site, _) = Site::founded();
    cp(&site.data(), &site.path("copy"));
    let relay = site.serve(&[]);
    site.done(&["station", "add", "st-1", "--name", "济南驻点"]);
    let (_, log) = relay.stop();
    assert!(!log.contains("put back"), "{log}");
    fs::remove_dir_all(site.data()).unwrap();
    cp(&site.path("copy"), &site.data());

    let relay = site.serve(&[]);
    let metrics = ureq::get(format!("{}/metrics", relay.address)).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(metrics.contains("outpost_epochs 1"), "{metrics}");
    let (_, log) = relay.stop();
    assert!(log.contains("was put back to an earlier time") && log.contains("Epoch 2 begins"), "{log}");
    assert!(site.done(&["verify"]).contains("Sound"));
    // Said once.
    let (_, log) = site.serve(&[]).stop();
    assert!(!log.contains("put back"), "{log}");
}

#[test]
fn the_doctor_says_what_is_wrong_and_saves_what_is_whole() {
    let (site, _) = Site::founded();
    site.done(&["station", "add", "st-1", "--name", "济南驻点"]);
    let ran = site.run(&["doctor"]);
    assert!(ran.code == 0 && ran.out.contains("Sound."), "{}{}", ran.out, ran.err);

    let db = rusqlite::Connection::open(site.data().join("outpost.db")).unwrap();
    db.execute("delete from scope", []).unwrap();
    drop(db);
    let ran = site.run(&["doctor"]);
    assert!(ran.code == 4 && ran.out.contains("outpost rebuild"), "{}{}", ran.code, ran.out);
    site.done(&["rebuild"]);

    let file = site.data().join("outpost.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[..100].fill(0);
    fs::write(&file, &bytes).unwrap();
    let ran = site.run(&["doctor"]);
    assert!(ran.code == 5 && ran.out.contains("DAMAGED") && ran.out.contains("--salvage"), "{}{}", ran.code, ran.out);
    let to = site.path("saved");
    let ran = site.run(&["doctor", "--salvage", to.to_str().unwrap()]);
    assert!(
        [0, 3].contains(&ran.code) && ran.out.contains("The new folder is sound"),
        "{}{}{}",
        ran.code,
        ran.out,
        ran.err
    );
    assert!(to.join("salvage.jsonl").exists());
    let verified = said(&outpost(&["verify", "--data"]).arg(&to).output().unwrap());
    assert!(verified.0 == 0 && verified.1.contains("Sound"), "{}", verified.1);

    let nowhere = outpost(&["doctor", "--data", "/nowhere/at/all"]).output().unwrap();
    assert_eq!(said(&nowhere).0, 1);
}
