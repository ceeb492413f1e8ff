//! After sums disagreed: the scope's buckets, the pages of those that differ, those pages whole. What the server has
//! is taken; what only this phone has is its own, and offered again, or somebody else's, and set aside. Nothing is wiped.
//!
//! An answer ends after the page with which it got full, so a page that didn't come says nothing: it is asked for again
//! until an answer brings none of what was asked, and then it stays as it is. A damaged page gives way row by row to a
//! replacement that is whole.

use super::frame::Call;
use super::{Session, Work};
use crate::device::Device;
use crate::error::DeviceError;
use crate::fold::refold;
use crate::intake::{Intake, pages_in};
use crate::store::{Stored, grants, outbox, pages, rows};
use outpost_model::admission::PageIndex;
use outpost_model::header::Header;
use outpost_model::id::{Hash, PageId};
use outpost_model::wire::{Content, Drill, DrillReply, Item, LogRow, Sum, checked_frame, parse_frame};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn question(work: &Work, token: &str) -> Call {
    let drill = match work {
        Work::Buckets(scope, _) => Drill::Buckets(scope.clone()),
        Work::Pages(scope, buckets) => Drill::Pages(scope.clone(), buckets.clone().into()),
        Work::Rows(pages) => Drill::Rows(pages.clone()),
        Work::Sync | Work::BringBack | Work::File(_) | Work::Fetch(_) | Work::Proof(..) => Drill::Rows(Vec::new()),
    };
    Call::cbor("/v1/drill", checked_frame(&drill), token)
}

impl Session {
    pub(super) fn buckets(
        &mut self,
        device: &Device,
        scope: &str,
        _: Sum,
        body: &[u8],
    ) -> Result<Result<(), String>, DeviceError> {
        let theirs = match parse_frame(body) {
            Ok(DrillReply::Buckets(sums)) if sums.len() == 256 => sums,
            _ => return Ok(Err("buckets that aren't 256 sums".to_owned())),
        };
        let mut ours = vec![Sum::default(); 256];
        for (page, sum) in grants::pages_of(device.store.read(), scope)? {
            let bucket = &mut ours[usize::from(page.0[15])];
            *bucket = bucket.plus(sum);
        }
        let differing: Vec<u8> =
            (0..=u8::MAX).filter(|bucket| ours[usize::from(*bucket)] != theirs[usize::from(*bucket)]).collect();
        if !differing.is_empty() {
            self.queue.push_front(Work::Pages(scope.to_owned(), differing));
        }
        Ok(Ok(()))
    }

    pub(super) fn pages(
        &mut self,
        device: &mut Device,
        scope: &str,
        body: &[u8],
    ) -> Result<Result<(), String>, DeviceError> {
        let Ok(DrillReply::Pages(theirs)) = parse_frame(body) else {
            return Ok(Err("pages that aren't pages".to_owned()));
        };
        let Work::Pages(_, buckets) = &self.work else { return Ok(Ok(())) };
        let theirs: BTreeMap<PageId, Sum> = theirs.into_iter().collect();
        let owner = device.identity()?.owner;
        let now = device.host.clock.now();
        let tx = device.store.begin()?;
        let mut ours = BTreeMap::new();
        for bucket in buckets {
            ours.extend(grants::bucket(&tx, scope, *bucket)?);
        }
        self.differing.extend(theirs.iter().filter(|(page, sum)| ours.get(page) != Some(sum)).map(|(page, _)| *page));
        // A page that isn't in the scope any more: as if it had been withdrawn.
        let gone: Vec<Item> = ours
            .keys()
            .filter(|page| !theirs.contains_key(page))
            .map(|page| Item::Withdrawn(scope.to_owned(), *page))
            .collect();
        let mut intake = Intake::new(&tx, &mut device.shelf, &owner, now, &mut self.tally);
        intake.items(gone)?;
        intake.settle_withdrawals()?;
        let touched = std::mem::take(&mut intake.touched);
        refold(&tx, &mut device.shelf, &owner, now, &touched)?;
        tx.commit()?;
        Ok(Ok(()))
    }

    pub(super) fn mended(
        &mut self,
        device: &mut Device,
        asked: &[PageId],
        body: &[u8],
    ) -> Result<Result<(), String>, DeviceError> {
        let Ok(DrillReply::Rows(items)) = parse_frame(body) else {
            return Ok(Err("rows that aren't rows".to_owned()));
        };
        let opened = pages_in(&items).into_iter().chain(asked.iter().copied());
        let mended = device.opening(opened, |device| self.mend(device, asked, items))?;
        if mended.is_err() {
            device.shelf.forget_all();
        }
        mended.map(Ok)
    }

    fn mend(&mut self, device: &mut Device, asked: &[PageId], mut items: Vec<Item>) -> Result<(), DeviceError> {
        let owner = device.identity()?.owner;
        let now = device.host.clock.now();
        let came: BTreeSet<PageId> = pages_in(&items).into_iter().collect();
        let (came, missing): (Vec<PageId>, Vec<PageId>) = asked.iter().partition(|page| came.contains(page));
        let mut theirs: BTreeMap<PageId, BTreeSet<Hash>> = BTreeMap::new();
        for item in &items {
            if let Item::Row(row) = item {
                theirs.entry(row.page).or_default().insert(row.content_hash());
            }
        }
        let tx = device.store.begin()?;
        let mut broken = BTreeSet::new();
        for page in &came {
            device.shelf.forget(page);
            if !pages::is_damaged(&tx, *page)? {
                continue;
            }
            if !is_whole(&tx, *page, &items)? {
                broken.insert(*page);
                continue;
            }
            // What can't be read here gives way to the same rows as the server has them.
            for hash in theirs.get(page).into_iter().flatten() {
                rows::remove(&tx, *page, hash)?;
            }
            pages::set_sound(&tx, *page)?;
        }
        items.retain(|item| !pages_in(std::slice::from_ref(item)).iter().any(|page| broken.contains(page)));
        let mut intake = Intake::new(&tx, &mut device.shelf, &owner, now, &mut self.tally);
        intake.items(items)?;
        intake.flush()?;
        for page in came.iter().filter(|page| !broken.contains(page)) {
            intake.tally.mended += 1;
            intake.touched.pages.insert(*page);
            let here = theirs.get(page);
            for hash in rows::hashes(&tx, *page)? {
                if here.is_some_and(|here| here.contains(&hash)) {
                    continue;
                }
                rows::set_aside(&tx, *page, &hash)?;
                if let Some(own) = outbox::find_by_hash(&tx, *page, &hash)? {
                    outbox::set_kept(&tx, own.no)?;
                    intake.tally.offered_again += 1;
                }
            }
        }
        let touched = std::mem::take(&mut intake.touched);
        refold(&tx, &mut device.shelf, &owner, now, &touched)?;
        tx.commit()?;
        if !came.is_empty() && !missing.is_empty() {
            self.queue.push_front(Work::Rows(missing));
        }
        Ok(())
    }
}

/// Whether what came for a page can be read from its first change to its last.
fn is_whole(db: &Connection, page: PageId, items: &[Item]) -> Stored<bool> {
    let told = items.iter().find_map(|item| match item {
        Item::Granted(_, granted, header) if *granted == page => Header::parse(header).ok(),
        _ => None,
    });
    let known = match told {
        Some(header) => Some(header).filter(|header| header.page() == page),
        None => pages::header(db, page)?,
    };
    let Some(header) = known else { return Ok(false) };
    let mut index = PageIndex::new(header);
    for item in items {
        if let Item::Row(LogRow { page: of, envelope, content: Content::Change(raw), .. }) = item
            && *of == page
        {
            match index.examine(raw, &envelope.device) {
                Ok(examined) => index.admit(examined),
                Err(_) => return Ok(false),
            }
        }
    }
    Ok(true)
}
