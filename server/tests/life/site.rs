//! A data folder that a company has worked in, as `outpost serve` leaves it.

use crate::company::*;
use crate::phone::Phone;
use outpost_model::entry::{Body, Channel};
use outpost_model::time::Millis;
use outpost_server::clock::VirtualClock;
use outpost_server::config::DataFolder;
use outpost_server::life::Watch;
use outpost_server::life::mark::Marks;
use outpost_server::relay::{Relay, reached};
use outpost_server::store::Store;
use outpost_server::verify::verify;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// Nobody looks on.
pub const QUIET: Watch<'static> = &|_, _, _| {};
pub const LATER: Millis = Millis(1_800_000_000_000);

pub struct Site {
    pub dir: TempDir,
}

impl Site {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub fn folder(&self) -> DataFolder {
        DataFolder::prepare(&self.data()).unwrap()
    }

    pub fn marks(&self) -> Marks {
        Marks::of(&DataFolder::at(&self.data()), None)
    }

    /// A company in the folder, under the key that its row codes are made with.
    pub fn founded(&self) -> Company {
        let folder = self.folder();
        folder.row_key([7; 32]).unwrap();
        folder.seal_key([6; 32]).unwrap();
        outpost_server::auth::signing_key::make(&folder.keys(), Millis(0), [8; 32]).unwrap();
        Company::on(Store::open(folder.path()).unwrap())
    }

    /// The folder's relay, started anew.
    pub fn opened(&self) -> Arc<Relay> {
        opened(&self.data())
    }
}

pub fn opened(data: &Path) -> Arc<Relay> {
    let clock = Arc::new(VirtualClock::at(LATER));
    Relay::open(Store::open(data).unwrap(), clock, [7; 32]).unwrap()
}

/// So many orders, each opened at the console, looked into from two phones, one of them at length.
pub fn work(company: &Company, from: usize, to: usize) -> [Phone; 2] {
    let mut phones = [company.phone("d-e1"), company.phone("d-lead")];
    phones.iter_mut().for_each(|phone| drop(phone.sync()));
    for n in from..to {
        let name = format!("WO-{n}");
        company.ask("u-clerk", open(&name, "c-1"));
        company.write("u-clerk", order(&name), vec![register()]);
        company.ask("u-lead", assign(&name, "u-e1"));
        phones.iter_mut().for_each(|phone| drop(phone.sync()));
        phones[0].log(&visit(&name, "v"), &[Body::Depart {}, Body::Arrive { place: None }]);
        let long = "详".repeat(n % 7 * 120);
        let note = Body::Set { field: "address_note".into(), value: format!("y{long}") };
        phones[0].log(&order(&name), &[remark(&long), note]);
        phones[1].log(&order(&name), &[Body::Set { field: "caller".into(), value: name.clone() }]);
        phones.iter_mut().for_each(|phone| drop(phone.sync()));
    }
    phones
}

pub fn remark(text: &str) -> Body {
    Body::Set { field: "remark".into(), value: format!("x{text}") }
}

fn register() -> Body {
    Body::Register { channel: Channel::Phone, fault_code: "E1".into(), fault: "leaks".into() }
}

/// How many rows the log has.
pub fn rows(data: &Path) -> u64 {
    reached(&Store::open(data).unwrap()).unwrap().unwrap().seq
}

pub fn is_sound(data: &Path) {
    let report = verify(&Store::open(data).unwrap()).unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences().collect::<Vec<_>>());
}

/// Copies a folder as `cp -r` does.
pub fn cp(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            cp(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
