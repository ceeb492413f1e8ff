//! What goes out: the outbox in capture order, each step with the steps that it needs, as much as a request may hold.
//! Before the bytes leave, the send counter is raised durably in the store and outside it.

use crate::device::Device;
use crate::error::DeviceError;
use crate::store::outbox::{Step, StepKind, StepState};
use crate::store::rows::returning;
use crate::store::{Stored, life, outbox, pages, rows};
use outpost_model::time::Millis;
use outpost_model::wire::{self, MAX_PAGES, MAX_REQUEST, MAX_STEPS, SyncRequest, What};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of steps and headers in one request: its frame stays well below what a request may be.
const ROOM: usize = MAX_REQUEST * 3 / 4;
/// What a step costs besides its content.
const OVERHEAD: usize = 32;
/// A step that went out so often in one session waits for the next.
const MOST_OFFERS: u8 = 6;
/// A wait longer than this was asked for by a clock that has been set since.
const LONGEST_WAIT: i64 = 24 * 3_600_000;

/// How often each step went out in a session.
type Offers = BTreeMap<u32, u8>;

/// Builds the next request, and marks what is in it as on its way.
pub(super) fn request(device: &mut Device, offers: &Offers) -> Result<(SyncRequest, Millis), DeviceError> {
    let now = device.host.clock.now();
    let tx = device.store.begin()?;
    let life = life::load(&tx)?;
    let pending = outbox::pending(&tx)?;
    let total = pending.len();
    // What is to be brought back goes first: steps may rest on it.
    let batch = if returning::any(&tx)? { Batch::default() } else { select(&tx, pending, offers, now)? };
    let numbers: Vec<u32> = batch.steps.iter().map(|step| step.no).collect();
    outbox::set_sending(&tx, &numbers)?;
    let sends = life::raise_sends(&tx)?;
    tx.commit()?;
    device.host.outside.write(sends).map_err(DeviceError::Outside)?;
    let request = SyncRequest {
        version: wire::VERSION,
        clock: now,
        epoch: life.epoch,
        captured: life.captured,
        sends,
        cursor: life.cursor,
        pages: batch.headers,
        unsent: (total - numbers.len()) as u32,
        steps: batch.steps,
        app: device.host.app.clone(),
    };
    Ok((request, now))
}

/// Whether a request would hold any step.
pub(super) fn has_something(db: &Connection, offers: &Offers, now: Millis) -> Stored<bool> {
    let pending = outbox::pending(db)?;
    Ok(!pending.is_empty() && !returning::any(db)? && !select(db, pending, offers, now)?.steps.is_empty())
}

#[derive(Default)]
struct Batch {
    headers: Vec<String>,
    steps: Vec<wire::Step>,
}

fn select(db: &Connection, pending: Vec<Step>, offers: &Offers, now: Millis) -> Stored<Batch> {
    let unsettled: BTreeSet<u32> = pending.iter().map(|step| step.no).collect();
    let mut sent = BTreeSet::new();
    let mut places = BTreeMap::new();
    let mut batch = Batch::default();
    let mut size = 0;
    for step in pending {
        // Whatever rests on a step that stays behind stays behind with it.
        let ready = step.needs.iter().all(|need| !unsettled.contains(need) || sent.contains(need));
        let worn = offers.get(&step.no).is_some_and(|offers| *offers >= MOST_OFFERS);
        if !ready || worn || waits(&step, now) {
            continue;
        }
        let content = match step.content.is_empty() {
            true => rows::content(db, step.page, &step.hash)?.unwrap_or_default(),
            false => step.content.clone(),
        };
        let what = match step.kind {
            StepKind::Command { .. } => What::Command(String::from_utf8(content).unwrap_or_default()),
            StepKind::Change => {
                let place = match places.get(&step.page) {
                    Some(place) => *place,
                    None => {
                        let Some(header) = pages::header(db, step.page)? else { continue };
                        let header = header.canonical();
                        size += header.len() + OVERHEAD;
                        let place = batch.headers.len() as u32;
                        batch.headers.push(header);
                        places.insert(step.page, place);
                        place
                    }
                };
                What::Change(place, content.into())
            }
        };
        size += OVERHEAD
            + match &what {
                What::Change(_, raw) => raw.len(),
                What::Command(text) => text.len(),
            };
        let full = batch.steps.len() >= MAX_STEPS || batch.headers.len() > MAX_PAGES || size > ROOM;
        if full && !batch.steps.is_empty() {
            break;
        }
        let needs = step.needs.into_iter().filter(|need| sent.contains(need)).collect();
        sent.insert(step.no);
        batch.steps.push(wire::Step { no: step.no, needs, what });
    }
    // A header whose step didn't go in any more.
    let named = batch.steps.iter().filter_map(|step| match step.what {
        What::Change(place, _) => Some(place as usize + 1),
        What::Command(_) => None,
    });
    batch.headers.truncate(named.max().unwrap_or(0));
    Ok(batch)
}

fn waits(step: &Step, now: Millis) -> bool {
    let left = step.retry_at.map_or(0, |at| at.since(now));
    step.state == StepState::Deferred && left > 0 && left <= LONGEST_WAIT
}
