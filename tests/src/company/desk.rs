//! A person at the console, over HTTP. What is asked is taken, unless the test says how it is denied.

use super::{MINUTE, World};
use outpost_cli::replay::console::{Console, agent};
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::header::Header;
use outpost_model::id::{CommandId, EntryId, Hash, PageId, UserId};
use outpost_server::relay::{After, ConsoleAct, ConsoleWrite, Heads};
use serde_json::Value;
use std::sync::Arc;

pub struct Desk {
    world: Arc<World>,
    console: Console,
}

impl Desk {
    pub fn new(user: UserId, password: String, world: Arc<World>) -> Self {
        let console = Console::new(&world.address(), user, password, agent());
        Self { world, console }
    }

    /// Sends an act as the form made it: status and answer.
    pub fn send(&mut self, act: &ConsoleAct) -> (u16, Value) {
        self.console.ask("/v1/commands", &serde_json::to_value(act).unwrap()).unwrap()
    }

    /// An act that nobody has sent yet.
    pub fn form(&self, ask: Option<Ask>, write: Option<(Header, Vec<Body>)>) -> ConsoleAct {
        let entries = |bodies: Vec<Body>| bodies.into_iter().map(|body| (None, body)).collect();
        ConsoleAct {
            id: CommandId::v7(self.world.now().0 as u64, rand::random()),
            ask,
            after: After::Now,
            heads: Heads::Now,
            write: write.map(|(header, bodies)| ConsoleWrite { header, entries: entries(bodies), seen: Heads::Now }),
        }
    }

    /// Asks and writes in one act; it is taken.
    pub fn act(&mut self, ask: Option<Ask>, write: Option<(Header, Vec<Body>)>) -> Value {
        self.world.pass(MINUTE);
        let act = self.form(ask, write);
        let (status, answer) = self.send(&act);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Asks for a decision; it is taken, or it was so already.
    pub fn ask(&mut self, ask: Ask) -> Value {
        self.act(Some(ask), None)["decided"].clone()
    }

    /// Logs on a page; the ids of the entries.
    pub fn log(&mut self, header: Header, bodies: Vec<Body>) -> Vec<EntryId> {
        let answer = self.act(None, Some((header, bodies)));
        serde_json::from_value(answer["entries"].clone()).unwrap()
    }

    /// Asks for what isn't granted: status and code.
    pub fn denied(&mut self, ask: Ask) -> (u16, String) {
        self.world.pass(MINUTE);
        let act = self.form(Some(ask), None);
        let (status, answer) = self.send(&act);
        assert_ne!(status, 200, "{answer}");
        assert!(answer["title"].as_str().is_some_and(|sentence| !sentence.is_empty()), "{answer}");
        (status, answer["code"].as_str().unwrap_or_default().to_owned())
    }

    /// Reads a file that the page names.
    pub fn file(&mut self, page: PageId, file: &Hash) -> (u16, Vec<u8>) {
        let address = format!("{}/v1/blobs/{file}?page={page}", self.world.address());
        let session = self.console.session().unwrap();
        let request = agent().get(address).header("authorization", format!("Bearer {session}"));
        let mut response = request.call().unwrap();
        (response.status().as_u16(), response.body_mut().read_to_vec().unwrap())
    }
}
