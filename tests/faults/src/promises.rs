//! What was promised: entries that a phone said it has, rows that the server said it has. Held against what is there.

use outpost_device::report::Fault;
use outpost_device::session::frame::{Answer, Call};
use outpost_device::sync::Transport;
use outpost_model::id::{EntryId, Hash, PageId};
use outpost_model::wire::{Content, SyncReply, SyncRequest, Verdict, What, parse_frame};
use outpost_server::relay::Relay;
use outpost_server::verify::verify;
use outpost_simulation::log_book::LogBook;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub struct Promises {
    pub captured: BTreeSet<(PageId, EntryId)>,
    pub admitted: BTreeMap<u64, Hash>,
    pub broken: Vec<String>,
}

impl Promises {
    /// A line that a phone's process said.
    pub fn hear(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["captured", page, entry] => match (PageId::parse(page), EntryId::parse(entry)) {
                (Ok(page), Ok(entry)) => drop(self.captured.insert((page, entry))),
                _ => self.broken.push(format!("not understood: {line}")),
            },
            ["admitted", seq, hash] => match (seq.parse(), Hash::parse(hash)) {
                (Ok(seq), Ok(hash)) => self.admit(seq, hash),
                _ => self.broken.push(format!("not understood: {line}")),
            },
            _ => {}
        }
    }

    pub fn admit(&mut self, seq: u64, hash: Hash) {
        if self.admitted.insert(seq, hash).is_some_and(|known| known != hash) {
            self.broken.push(format!("row {seq} was told to be two things"));
        }
    }

    /// Holds what the server promised against its log; how many rows of it are lost.
    pub fn lost(&self, relay: &Relay) -> u64 {
        let book = LogBook::read(relay);
        let is_there = |seq: &u64, hash: &Hash| book.rows.get(*seq as usize - 1).is_some_and(|row| row.hash == *hash);
        self.admitted.iter().filter(|(seq, hash)| !is_there(seq, hash)).count() as u64
    }

    /// Everything that is wrong at rest: the log, and what of the phones' never came into it.
    pub fn wrong(&self, relay: &Relay) -> Vec<String> {
        let book = LogBook::read(relay);
        let mut wrong = self.broken.clone();
        wrong.extend(book.troubles.iter().cloned());
        match verify(relay.store()) {
            Ok(report) => wrong.extend(report.differences().map(|difference| difference.to_string())),
            Err(error) => wrong.push(format!("verify: {error}")),
        }
        let lost = self.lost(relay);
        if lost > 0 {
            wrong.push(format!("{lost} of {} admitted rows are lost", self.admitted.len()));
        }
        let nowhere = self.captured.iter().filter(|(page, entry)| !book.has_entry(*page, *entry));
        wrong.extend(nowhere.map(|(page, entry)| format!("entry {entry} of {page} is nowhere")));
        wrong
    }
}

/// What an answer promises: rows of the push, by their place in the log.
pub fn admitted(request: &SyncRequest, reply: &SyncReply) -> Vec<(u64, Hash)> {
    let row = |no: u32, verdict: &Verdict| {
        let (Verdict::Admitted(envelope) | Verdict::AlreadyHad(envelope)) = verdict else { return None };
        let hash = match &request.steps.iter().find(|step| step.no == no)?.what {
            What::Change(_, raw) => Content::Change(raw.clone()).hash(),
            What::Command(text) => Hash::of(text.as_bytes()),
        };
        Some((envelope.admitted?.seq, hash))
    };
    reply.verdicts.iter().filter_map(|said| row(said.no, &said.verdict)).collect()
}

/// A way to the server that notes what it promised before the phone itself hears of it.
pub struct Promising<T> {
    way: T,
    tell: Box<dyn FnMut(u64, Hash) + Send>,
}

impl<T> Promising<T> {
    pub fn telling(way: T, tell: impl FnMut(u64, Hash) + Send + 'static) -> Self {
        Self { way, tell: Box::new(tell) }
    }
}

impl<T: Transport> Transport for Promising<T> {
    fn call(&mut self, call: &Call) -> Result<Answer, Fault> {
        let answer = self.way.call(call)?;
        if call.path == "/v1/sync" && answer.status == 200 {
            let is_packed = |encoding: &str| encoding == "zstd";
            let packed = call.headers.iter().any(|(name, value)| *name == "content-encoding" && is_packed(value));
            let answered = unpacked(&answer.body, is_packed(&answer.encoding));
            let asked = unpacked(&call.body, packed).and_then(|body| parse_frame::<SyncRequest>(&body).ok());
            let answered = answered.and_then(|body| parse_frame::<SyncReply>(&body).ok());
            if let (Some(request), Some(reply)) = (asked, answered) {
                admitted(&request, &reply).into_iter().for_each(|(seq, hash)| (self.tell)(seq, hash));
            }
        }
        Ok(answer)
    }
}

fn unpacked(body: &[u8], packed: bool) -> Option<Vec<u8>> {
    if packed { zstd::bulk::decompress(body, 64 << 20).ok() } else { Some(body.to_vec()) }
}

/// A way to the server that keeps every call: to be sent again, or to borrow its token.
pub struct Recording<T> {
    pub way: T,
    pub calls: Vec<Call>,
}

impl<T> Recording<T> {
    pub fn over(way: T) -> Self {
        Self { way, calls: Vec::new() }
    }

    /// The syncs among the calls.
    pub fn syncs(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter().filter(|call| call.path == "/v1/sync")
    }
}

impl<T: Transport> Transport for Recording<T> {
    fn call(&mut self, call: &Call) -> Result<Answer, Fault> {
        self.calls.push(call.clone());
        self.way.call(call)
    }
}
