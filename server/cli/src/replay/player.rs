//! Plays a month, line by line, in virtual time: the server's clock reads `at`, a phone's its own. A phone reaches the
//! server in its `sync` lines only. What a line expects is checked where the line is played.

use super::console::{Console, Said, agent};
use super::deed::{Deed, Names};
use super::phone::Phone;
use super::stage::Stage;
use crate::failure::Failure;
use crate::month::{Action, By, Expect, Line, Month};
use outpost_device::act::{Act, Log};
use outpost_device::signing::Glass;
use outpost_model::entry::Lang;
use outpost_model::id::{CommandId, DeviceId, TenantId, UserId};
use outpost_server::relay::{After, ConsoleAct, ConsoleWrite, Heads};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use ureq::Agent;

/// How a month is played; the plain way by default.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// So many times each sync is made.
    pub syncs: u32,
}

impl Default for Manner {
    fn default() -> Self {
        Self { syncs: 1 }
    }
}

/// What was done, for the closing sentence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Played {
    pub lines: usize,
    pub syncs: usize,
    /// Lines without a right to what they asked, each seen to be denied.
    pub denied: usize,
}

pub struct Player {
    stage: Stage,
    names: Names,
    folder: PathBuf,
    month: Month,
    phones: BTreeMap<DeviceId, Phone>,
    consoles: BTreeMap<UserId, Console>,
    agent: Agent,
    manner: Manner,
    played: Played,
}

impl Player {
    pub fn begin(month: Month, dir: &Path, manner: Manner) -> Result<Self, Failure> {
        let tenant = TenantId::parse("company").map_err(|bad| Failure::Answer(bad.to_string()))?;
        let first = month.lines.first().map_or(outpost_model::time::Millis(0), |line| line.at);
        let stage = Stage::raise(dir, tenant.clone(), &month.org, first)?;
        let names = Names::new(tenant, &month.org, &month.lines);
        let mut player = Self {
            stage,
            names,
            folder: dir.join("phones"),
            month,
            phones: BTreeMap::new(),
            consoles: BTreeMap::new(),
            agent: agent(),
            manner,
            played: Played::default(),
        };
        for device in player.month.org.devices.clone() {
            player.hand_out(&device.id, &device.user)?;
        }
        Ok(player)
    }

    pub fn played(&self) -> Played {
        self.played
    }

    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Plays every line; `tell` hears how many are done.
    pub fn play(&mut self, tell: &mut dyn FnMut(usize)) -> Result<(), Failure> {
        for (done, line) in std::mem::take(&mut self.month.lines).iter().enumerate() {
            self.line(line).map_err(|failure| match failure {
                Failure::Line { .. } => failure,
                other => Failure::Line { line: line.number, what: other.to_string() },
            })?;
            self.played.lines += 1;
            tell(done + 1);
        }
        Ok(())
    }

    fn line(&mut self, line: &Line) -> Result<(), Failure> {
        self.stage.clock.set(line.at);
        match &line.by {
            By::Device(device) => {
                let phone = self
                    .phones
                    .get_mut(device)
                    .ok_or_else(|| Failure::Phone(format!("nobody enrolled the device {device}")))?;
                phone.set_clock(line.clock.unwrap_or(line.at));
                match &line.action {
                    Action::Sync {} => self.sync(device, line.expect),
                    Action::Backup {} => phone.back_up(),
                    Action::Restore {} => phone.restore(),
                    _ => self.capture(device, line),
                }
            }
            By::Console(user) => self.at_console(user, line),
        }
    }

    /// A new phone in somebody's hand, with its invitation.
    fn hand_out(&mut self, device: &DeviceId, user: &UserId) -> Result<(), Failure> {
        let invitation = self.stage.invitation(device, user)?;
        let folder = self.folder.join(device.as_str());
        let phone = Phone::new(folder, &invitation, self.month.org.timezone.clone())?;
        self.phones.insert(device.clone(), phone);
        Ok(())
    }

    fn capture(&mut self, device: &DeviceId, line: &Line) -> Result<(), Failure> {
        let user = self.names.user(&line.by).ok_or_else(|| Failure::Phone(format!("whose is {device}?")))?;
        let phone = self.phones.get_mut(device).ok_or_else(|| Failure::Phone(format!("no phone {device}")))?;
        if let Action::Sign { order, visit, name, strokes, score, comment } = &line.action {
            let glass = Glass {
                visit: self.names.visit(order, visit),
                name: name.clone(),
                strokes: strokes.clone().into_bytes(),
                score: *score,
                comment: comment.clone(),
                lang: Lang::Zh,
                typed: None,
                entry: None,
            };
            let act = phone.signing(glass)?;
            return if line.expect.is_some() { phone.trespass(act) } else { phone.capture(act) };
        }
        let act = act_of(self.names.deed(line, &user));
        match line.expect {
            Some(_) => {
                self.played.denied += 1;
                phone.trespass(act)
            }
            None => phone.capture(act),
        }
    }

    fn sync(&mut self, device: &DeviceId, expect: Option<Expect>) -> Result<(), Failure> {
        let phone = self.phones.get_mut(device).ok_or_else(|| Failure::Phone(format!("no phone {device}")))?;
        for _ in 0..self.manner.syncs.max(1) {
            self.played.syncs += 1;
            match expect {
                Some(Expect::Refused) => {
                    let before = head(&self.stage)?;
                    phone.sync_revoked()?;
                    if head(&self.stage)? != before {
                        return Err(Failure::Answer("a revoked phone left something in the log".into()));
                    }
                }
                _ => phone.sync()?,
            }
        }
        Ok(())
    }

    fn at_console(&mut self, user: &UserId, line: &Line) -> Result<(), Failure> {
        let Deed { ask, write } = self.names.deed(line, user);
        let act = ConsoleAct {
            id: CommandId::derived(&["line", &line.number.to_string()]),
            ask,
            after: After::Now,
            heads: Heads::Now,
            write: write.map(|(header, entries)| ConsoleWrite { header, entries, seen: Heads::Now }),
        };
        if !self.consoles.contains_key(user) {
            let password = self.stage.password(user)?;
            let console = Console::new(&self.stage.address, user.clone(), password, self.agent.clone());
            self.consoles.insert(user.clone(), console);
        }
        let console = self.consoles.get_mut(user).ok_or_else(|| Failure::Phone(format!("no desk for {user}")))?;
        match (console.act(&act)?, line.expect) {
            (Said::Done, None) => {}
            (Said::Denied(..), Some(Expect::NoEffect)) => self.played.denied += 1,
            (Said::Done, Some(_)) => return Err(Failure::Answer("taken, but its author has no right to it".into())),
            (Said::Denied(code, detail), _) => return Err(Failure::Answer(format!("denied: {code} ({detail})"))),
        }
        if let (Action::Enrol { device, user }, None) = (&line.action, line.expect) {
            self.hand_out(&device.clone(), &user.clone())?;
        }
        Ok(())
    }
}

fn act_of(deed: Deed) -> Act {
    let act = deed.ask.map(Act::asking).unwrap_or_default();
    match deed.write {
        Some((header, entries)) => act.and(header, entries.into_iter().map(|(id, body)| Log { id, ..Log::from(body) })),
        None => act,
    }
}

/// Sequence and chain at the end of the log.
fn head(stage: &Stage) -> Result<(u64, [u8; 32]), Failure> {
    Ok(stage.relay.facts(|facts| Ok(facts.end))?)
}
