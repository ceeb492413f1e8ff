//! A forger: an engineer's second phone that speaks the protocol, and sends what no app of ours would. Mutants of
//! honest changes, others' pushes in his own name, others' bytes under other headers, commands in others' names.

use crate::cast::{self, FORGER};
use crate::dice::Dice;
use crate::log_book::LogBook;
use crate::mutator::{Choices, Surroundings, mutate};
use crate::world::World;
use outpost_model::command::{Ask, Command};
use outpost_model::entry::Evidence;
use outpost_model::id::CommandId;
use outpost_model::problem::Code;
use outpost_model::wire::{Content, Step, SyncRequest, VERSION, Verdict, What};

impl World {
    pub fn forge(&mut self, dice: &mut Dice) {
        self.ledger.tally.count("forgeries", 1);
        let request = match dice.below(6) {
            0 => self.stolen(dice),
            1 => Some(self.usurped(dice)),
            _ => self.mutant(dice),
        };
        let Some(request) = request else { return };
        let commands: Vec<u32> = request.steps.iter().map(|step| step.no).collect();
        match self.hq.push(&cast::device(FORGER), request) {
            Ok(reply) if reply.verdicts.len() != commands.len() => {
                self.ledger.troubles.push("the forger got another number of verdicts than steps".to_owned());
            }
            Ok(reply) => {
                let usurped = reply.verdicts.iter().any(|said| said.no == 1_000 && took(&said.verdict));
                if usurped {
                    self.ledger.troubles.push("a command in another's name was taken".to_owned());
                }
            }
            Err(_) if self.hq.has_died() => self.crash_relay(),
            Err(denied) if denied.code == Code::StorageTrouble && self.hq.is_full() => {}
            Err(denied) if matches!(denied.code, Code::Internal | Code::StorageTrouble | Code::ServerBusy) => {
                self.ledger.troubles.push(format!("the forger broke something: {denied}"));
            }
            Err(_) => {}
        }
    }

    fn empty(&self) -> SyncRequest {
        SyncRequest {
            version: VERSION,
            clock: self.hq.now(),
            epoch: 1,
            captured: 1 << 40,
            sends: 1,
            cursor: None,
            pages: Vec::new(),
            steps: Vec::new(),
            unsent: 0,
            app: "forger".to_owned(),
        }
    }

    /// Another phone's push, word for word, in the forger's name.
    fn stolen(&mut self, dice: &mut Dice) -> Option<SyncRequest> {
        let heard = dice.pick(&self.overheard)?.clone();
        Some(SyncRequest { cursor: None, ..heard })
    }

    /// A decision in the name of headquarters.
    fn usurped(&mut self, dice: &mut Dice) -> SyncRequest {
        let by = cast::user("u-hq");
        let evidence = Evidence { by, clock: self.hq.now(), zone: 480, contact: 0, epoch: 1, n: 1, mono: None };
        let ask = Ask::PutPerson { person: cast::person("u-e2", Some("st-1"), true) };
        let command = Command { id: CommandId(dice.bytes()), ask, evidence, heads: Vec::new(), after: None };
        let text = command.canonical().expect("a command");
        SyncRequest { steps: vec![Step { no: 1_000, needs: Vec::new(), what: What::Command(text) }], ..self.empty() }
    }

    fn mutant(&mut self, dice: &mut Dice) -> Option<SyncRequest> {
        let book = LogBook::read(&self.hq.relay());
        let changes: Vec<_> = book.rows.iter().filter(|row| row.decision().is_none()).collect();
        let honest = *dice.pick(&changes)?;
        let page = book.pages.get(&honest.page)?;
        let rows = || changes.iter().filter(|row| row.page == honest.page);
        let around = Surroundings {
            hashes: rows().map(|row| row.hash.0).collect(),
            actors: rows().filter_map(|row| actor_of(&row.payload)).collect(),
            ops: rows().filter_map(|row| actor_of(&row.payload)).map(|actor| (2, actor)).collect(),
            keys: page.entries.iter().map(|entry| entry.to_string()).collect(),
            texts: vec!["{}".to_owned(), "v1".to_owned()],
        };
        let (_, raw) = mutate(&honest.payload, &around, &mut Choices::Seeded(dice.number()));
        let header = match dice.one_in(6) {
            true => book.pages.values().nth(dice.below(book.pages.len()))?.header.as_ref()?,
            false => page.header.as_ref()?,
        };
        let steps = vec![Step { no: 1, needs: Vec::new(), what: What::Change(0, raw.into()) }];
        Some(SyncRequest { pages: vec![header.canonical()], steps, ..self.empty() })
    }
}

fn took(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Admitted(_) | Verdict::AlreadyHad(_) | Verdict::AlreadySo(_))
}

fn actor_of(raw: &[u8]) -> Option<[u8; 16]> {
    let _ = Content::Change(raw.to_vec().into());
    let change = automerge::Change::try_from(raw).ok()?;
    change.actor_id().to_bytes().try_into().ok()
}
