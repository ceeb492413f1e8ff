//! A data folder opened for administration, beside a running relay or without one. What is to be decided is decided
//! as headquarters, through the relay's own door, so that it stands in the log like every other decision.

use crate::trouble::Trouble;
use clap::Args;
use outpost_model::command::Ask;
use outpost_model::id::{CommandId, TenantId, UserId};
use outpost_model::record::{Person, Role};
use outpost_model::time::Millis;
use outpost_server::clock::SystemClock;
use outpost_server::config::DataFolder;
use outpost_server::relay::Relay;
use outpost_server::staff;
use outpost_server::store::Store;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Args)]
pub struct Data {
    /// The relay's data folder
    #[arg(long = "data", value_name = "DIR", env = "OUTPOST_DATA")]
    pub folder: PathBuf,
}

pub struct Office {
    pub folder: DataFolder,
    pub relay: Arc<Relay>,
    pub tenant: TenantId,
}

impl Office {
    pub fn open(data: &Data) -> Result<Self, Trouble> {
        let folder = DataFolder::existing(&data.folder)?;
        let folder = DataFolder::prepare(folder.path())?;
        let key = folder.row_key(rand::random())?;
        let relay = Relay::open(Store::open(folder.path())?, Arc::new(SystemClock), key)?;
        let tenant = relay.tenant().ok_or_else(|| Trouble::NoCompany(data.folder.clone()))?;
        Ok(Self { folder, relay, tenant })
    }

    pub fn now(&self) -> Millis {
        self.relay.clock().now()
    }

    /// Decides as headquarters.
    pub fn decide(&self, ask: Ask) -> Result<(), Trouble> {
        Ok(staff::decide(&self.relay, &self.headquarters()?, self.fresh_id(), ask)?)
    }

    /// Of something that is decided now.
    pub fn fresh_id(&self) -> CommandId {
        CommandId::v7(u64::try_from(self.now().0).unwrap_or_default(), rand::random())
    }

    /// Somebody who decides for headquarters.
    pub fn headquarters(&self) -> Result<UserId, Trouble> {
        self.headquarters_beside(None)
    }

    /// Somebody who decides for headquarters about this person: another one, where there is one.
    pub fn headquarters_beside(&self, about: Option<&UserId>) -> Result<UserId, Trouble> {
        let people = self.relay.people()?.into_iter();
        let mut hq = people.filter(|person| person.role == Role::Hq && person.active).map(|person| person.user);
        let first = hq.next().ok_or(Trouble::NoHeadquarters)?;
        Ok(if Some(&first) == about { hq.next().unwrap_or(first) } else { first })
    }

    pub fn person(&self, user: &UserId) -> Result<Person, Trouble> {
        self.relay.person(user)?.ok_or_else(|| Trouble::NoPerson(user.clone()))
    }

    pub fn active_person(&self, user: &UserId) -> Result<Person, Trouble> {
        let person = self.person(user)?;
        if person.active { Ok(person) } else { Err(Trouble::Inactive(user.clone())) }
    }
}

/// Lines of cells, set out in columns for a person to read.
pub fn columns(head: &[&str], rows: Vec<Vec<String>>) -> String {
    let lines: Vec<Vec<String>> =
        std::iter::once(head.iter().map(|cell| (*cell).to_owned()).collect()).chain(rows).collect();
    let width = |place: usize| lines.iter().map(|line| shown(&line[place])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        let padded = line.iter().zip(&widths).map(|(cell, width)| format!("{cell}{}", " ".repeat(width - shown(cell))));
        text.push_str(padded.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Columns that a text takes in a terminal: Chinese characters take two.
fn shown(text: &str) -> usize {
    text.chars().map(|c| if matches!(c as u32, 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6) { 2 } else { 1 }).sum()
}
