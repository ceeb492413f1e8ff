//! Reading what is to be rescued, each row by itself: a row that can't be read is named, and the next one is tried.

use crate::error::DeviceError;
use crate::store::outbox::Intent;
use crate::store::{Stored, unreadable};
use outpost_model::blob::BlobKind;
use outpost_model::header::Header;
use outpost_model::id::{DeviceId, Hash, PageId, TenantId, UserId};
use outpost_model::invitation::Invitation;
use outpost_model::rescue::{File, Rescue, Rescued};
use outpost_model::time::Millis;
use outpost_model::wire::{CodeName, Refused, What};
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Identity {
    pub tenant: TenantId,
    pub device: DeviceId,
    pub user: UserId,
    pub seal_key: Option<[u8; 32]>,
    pub epoch: u32,
    pub captured: u64,
}

pub(super) fn identity(db: &Connection) -> Result<Identity, DeviceError> {
    let invitation: Option<String> = db.query_row("select invitation from life", [], |row| row.get(0))?;
    let invitation = invitation.ok_or(DeviceError::NotInvited)?;
    let Invitation { tenant, user, device, .. } =
        serde_json::from_str(&invitation).map_err(|trouble| DeviceError::Store(unreadable(trouble)))?;
    let seal_key = db.query_row("select seal_key from life", [], |row| row.get(0)).optional()?.flatten();
    let counted = |column: &str| -> u64 {
        let counted = db.query_row(&format!("select {column} from life"), [], |row| row.get::<_, i64>(0));
        counted.map_or(0, i64::unsigned_abs)
    };
    let (epoch, captured) = (u32::try_from(counted("epoch")).unwrap_or(u32::MAX), counted("captured"));
    Ok(Identity { tenant, device, user, seal_key, epoch, captured })
}

/// A step as its table has it.
struct Raw {
    no: u32,
    act: u32,
    page: PageId,
    name: String,
    at: Millis,
    is_command: bool,
    content: Vec<u8>,
    intent: Option<String>,
    needs: String,
    refused: Option<Refused>,
}

pub(super) fn read(db: &Connection, identity: &Identity, clock: Millis, app: String) -> Rescue {
    let mut missing = Vec::new();
    let mut steps = rows(db, WAITING, "steps that wait", waiting, &mut missing);
    steps.extend(rows(db, QUARANTINED, "refused steps", quarantined, &mut missing));
    steps.sort_by_key(|step| step.no);
    steps.dedup_by_key(|step| step.no);

    let mut headers: BTreeMap<PageId, Option<u32>> = BTreeMap::new();
    let mut pages = Vec::new();
    let mut named = BTreeSet::new();
    let mut rescued = Vec::new();
    for step in steps {
        let place = *headers.entry(step.page).or_insert_with(|| {
            let header = header(db, step.page)?;
            pages.push(header);
            u32::try_from(pages.len() - 1).ok()
        });
        let no = step.no;
        match rescued_of(step, place, &mut named) {
            Some(step) => rescued.push(step),
            None => missing.push(format!("step {no}: its bytes, or its page's header, can't be read")),
        }
    }
    let mut files = rows(db, FILES, "files", file, &mut missing);
    for file in &mut files {
        file.bytes = strokes(db, file).map(Into::into);
    }
    let known: BTreeSet<Hash> = files.iter().map(|file| file.hash).collect();
    let lost = named.iter().filter(|(hash, _)| !known.contains(hash) && !was_stored(db, hash));
    missing.extend(lost.map(|(hash, _)| format!("the file {hash} isn't on the phone any more")));
    let Identity { tenant, device, user, epoch, captured, .. } = identity;
    let (tenant, device, user, epoch, captured) = (tenant.clone(), device.clone(), user.clone(), *epoch, *captured);
    Rescue { tenant, device, user, clock, app, pages, steps: rescued, files, missing, epoch, captured }
}

const WAITING: &str = "select no, act, page, name, at, command is not null, \
     coalesce(content, (select cast(log_row.content as blob) from log_row \
         where log_row.page = step.page and log_row.hash = step.hash)), intent, needs \
     from step where state in (0, 1, 2) order by no";
const QUARANTINED: &str = "select no, act, page, name, at, command is not null, content, intent, needs, \
     code, detail, decided_by, decided_at, policy from quarantine order by no";
const FILES: &str = "select hash, page, length(bytes) from blob where state <> 2 order by at, hash";

fn waiting(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        no: row.get(0)?,
        act: row.get(1)?,
        page: PageId(row.get(2)?),
        name: row.get(3)?,
        at: Millis(row.get(4)?),
        is_command: row.get(5)?,
        content: row.get::<_, Option<Vec<u8>>>(6)?.unwrap_or_default(),
        intent: row.get(7)?,
        needs: row.get(8)?,
        refused: None,
    })
}

fn quarantined(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let by: Option<String> = row.get(11)?;
    let refused = Refused {
        code: CodeName(row.get(9)?),
        detail: row.get(10)?,
        by: by.and_then(|by| UserId::parse(&by).ok()),
        at: row.get::<_, Option<i64>>(12)?.map(Millis),
        policy: row.get(13)?,
    };
    Ok(Raw { refused: Some(refused), ..waiting(row)? })
}

fn file(row: &Row<'_>) -> rusqlite::Result<File> {
    let size: i64 = row.get(2)?;
    Ok(File { hash: Hash(row.get(0)?), page: PageId(row.get(1)?), size: size.unsigned_abs(), bytes: None })
}

/// Every row that can be read.
fn rows<T>(
    db: &Connection,
    sql: &str,
    what: &str,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    missing: &mut Vec<String>,
) -> Vec<T> {
    let mut found = Vec::new();
    let mut walk = || -> Stored<()> {
        let mut query = db.prepare(sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            match read(row) {
                Ok(one) => found.push(one),
                Err(trouble) => missing.push(format!("one of the {what} can't be read: {trouble}")),
            }
        }
        Ok(())
    };
    if let Err(trouble) = walk() {
        missing.push(format!("{what}: {} could be read, then: {trouble}", found.len()));
    }
    found
}

fn header(db: &Connection, page: PageId) -> Option<String> {
    let text: String = db.query_row("select header from page where id = ?1", [page.0], |row| row.get(0)).ok()?;
    Header::parse(&text).is_ok_and(|header| header.page() == page).then_some(text)
}

fn rescued_of(step: Raw, place: Option<u32>, named: &mut BTreeSet<(Hash, PageId)>) -> Option<Rescued> {
    let what = match step.is_command {
        true => What::Command(String::from_utf8(step.content).ok().filter(|text| !text.is_empty())?),
        false => What::Change(place?, (!step.content.is_empty()).then_some(step.content)?.into()),
    };
    // What it says in words is a help; its bytes are what counts.
    let intent: Option<Intent> = step.intent.and_then(|text| serde_json::from_str(&text).ok());
    let entries = intent.map(|intent| {
        named.extend(intent.files().into_iter().map(|file| (file, step.page)));
        intent.entries
    });
    Some(Rescued {
        no: step.no,
        act: step.act,
        page: step.page,
        name: step.name,
        at: step.at,
        needs: serde_json::from_str(&step.needs).unwrap_or_default(),
        what,
        refused: step.refused,
        entries: entries.unwrap_or_default(),
    })
}

/// The strokes of a signature go along; photos are too large, and are known by their hash.
fn strokes(db: &Connection, file: &File) -> Option<Vec<u8>> {
    if file.size > BlobKind::Strokes.largest() {
        return None;
    }
    let bytes: Vec<u8> =
        db.query_row("select bytes from blob where hash = ?1", [file.hash.0], |row| row.get(0)).ok()?;
    let is_photo = matches!(BlobKind::of(&bytes), Some(BlobKind::Jpeg | BlobKind::Png | BlobKind::Webp));
    (!is_photo && Hash::of(&bytes) == file.hash).then_some(bytes)
}

fn was_stored(db: &Connection, hash: &Hash) -> bool {
    db.query_row("select 1 from blob where hash = ?1 and state = 2", [hash.0], |_| Ok(())).is_ok()
}
