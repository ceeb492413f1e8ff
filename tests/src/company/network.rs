//! The network between a phone and the relay: real HTTP, which fails where the test says so. It keeps what it saw.

use super::World;
use outpost_device::report::Fault;
use outpost_device::session::frame::{Answer, Call};
use outpost_device::sync::Transport;
use outpost_device::transport::http::HttpTransport;
use outpost_model::wire::{Item, SyncReply, frame, parse_frame};
use std::collections::VecDeque;
use std::sync::Arc;

/// What befalls the next call to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The request never arrives.
    RequestLost,
    /// The relay takes it; its answer never arrives.
    AnswerLost,
    /// It arrives so many times; the last answer counts.
    Repeated(u32),
    /// Half of the request arrives, and looks whole.
    RequestCut,
    /// Half of the answer arrives, and looks whole.
    AnswerCut,
    /// The answer arrives without the rows that it brought, and moves the phone past them.
    RowsLeftOut,
}

/// One call as it went by.
#[derive(Debug, Clone)]
pub struct Seen {
    pub call: Call,
    /// None where no answer arrived.
    pub status: Option<u16>,
    pub up: usize,
    pub down: usize,
}

pub struct Network {
    world: Arc<World>,
    line: Option<(String, HttpTransport)>,
    ahead: VecDeque<(&'static str, Trouble)>,
    pub seen: Vec<Seen>,
}

impl Network {
    pub fn new(world: Arc<World>) -> Self {
        Self { world, line: None, ahead: VecDeque::new(), seen: Vec::new() }
    }

    /// Befalls the next call whose path begins so, after what was said before.
    pub fn expect(&mut self, path: &'static str, trouble: Trouble) {
        self.ahead.push_back((path, trouble));
    }

    /// The leave that the last call carried.
    pub fn token(&self) -> Option<String> {
        let calls = self.seen.iter().rev().flat_map(|seen| &seen.call.headers);
        let mut bearers = calls.filter(|(name, _)| *name == "authorization");
        bearers.next().map(|(_, value)| value.trim_start_matches("Bearer ").to_owned())
    }

    /// Paths of the calls since so many.
    pub fn paths_since(&self, count: usize) -> Vec<&str> {
        self.seen[count..].iter().map(|seen| seen.call.path.as_str()).collect()
    }

    fn carry(&mut self, call: &Call) -> Result<Answer, Fault> {
        let address = self.world.address();
        if self.line.as_ref().is_none_or(|(known, _)| *known != address) {
            self.line = Some((address.clone(), HttpTransport::new(&address)?));
        }
        let (_, line) = self.line.as_mut().expect("just laid");
        line.call(call)
    }

    fn befall(&mut self, call: &Call, trouble: Option<Trouble>) -> Result<Answer, Fault> {
        match trouble {
            None => self.carry(call),
            Some(Trouble::RequestLost) => Err(Fault::Unreachable("no network".into())),
            Some(Trouble::AnswerLost) => {
                self.carry(call)?;
                Err(Fault::Broken("the tunnel began".into()))
            }
            Some(Trouble::Repeated(times)) => {
                let mut answer = self.carry(call);
                for _ in 1..times {
                    answer = self.carry(call);
                }
                answer
            }
            Some(Trouble::RequestCut) => {
                let mut half = call.clone();
                half.body.truncate(call.body.len() / 2);
                self.carry(&half)
            }
            Some(Trouble::AnswerCut) => {
                let mut answer = self.carry(call)?;
                answer.body.truncate(answer.body.len() / 2);
                Ok(answer)
            }
            Some(Trouble::RowsLeftOut) => {
                let answer = self.carry(call)?;
                let plain = match answer.encoding.as_str() {
                    "zstd" => zstd::decode_all(&*answer.body).unwrap(),
                    _ => answer.body,
                };
                let mut reply: SyncReply = parse_frame(&plain).unwrap();
                reply.items.retain(|item| !matches!(item, Item::Row(_)));
                Ok(Answer { status: answer.status, encoding: String::new(), body: frame(&reply) })
            }
        }
    }
}

impl Transport for Network {
    fn call(&mut self, call: &Call) -> Result<Answer, Fault> {
        let next = self.ahead.front().filter(|(path, _)| call.path.starts_with(path)).map(|(_, trouble)| *trouble);
        if next.is_some() {
            self.ahead.pop_front();
        }
        let answer = self.befall(call, next);
        let (status, down) = answer.as_ref().map_or((None, 0), |answer| (Some(answer.status), answer.body.len()));
        self.seen.push(Seen { call: call.clone(), status, up: call.body.len(), down });
        answer
    }
}
