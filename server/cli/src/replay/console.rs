//! A person at the console, over HTTP: signs in with his password, and again whenever the session has ended.

use crate::failure::Failure;
use outpost_model::id::UserId;
use outpost_server::relay::ConsoleAct;
use serde_json::{Value, json};
use std::time::Duration;
use ureq::Agent;

/// Connections idle for longer aren't used again: the relay closes them after 15 s.
const IDLE: Duration = Duration::from_secs(5);

pub struct Console {
    address: String,
    user: UserId,
    password: String,
    agent: Agent,
    session: Option<String>,
}

/// What the server said to an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Done,
    /// Code and detail of a problem.
    Denied(String, String),
}

impl Console {
    pub fn new(address: &str, user: UserId, password: String, agent: Agent) -> Self {
        Self { address: address.to_owned(), user, password, agent, session: None }
    }

    pub fn act(&mut self, act: &ConsoleAct) -> Result<Said, Failure> {
        let body = serde_json::to_value(act).map_err(|bad| Failure::Answer(bad.to_string()))?;
        let (status, answer) = self.ask("/v1/commands", &body)?;
        if status == 200 {
            return Ok(Said::Done);
        }
        let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
        Ok(Said::Denied(text("code"), text("detail")))
    }

    /// Posts as this person: status and answer.
    pub fn ask(&mut self, path: &str, body: &Value) -> Result<(u16, Value), Failure> {
        for _ in 0..2 {
            let session = self.session()?;
            match self.post(path, Some(&session), body)? {
                (401, _) => self.session = None,
                answered => return Ok(answered),
            }
        }
        Err(Failure::Answer(format!("{} can't stay signed in", self.user)))
    }

    /// The session, begun if there is none.
    pub fn session(&mut self) -> Result<String, Failure> {
        match &self.session {
            Some(session) => Ok(session.clone()),
            None => self.sign_in(),
        }
    }

    fn sign_in(&mut self) -> Result<String, Failure> {
        let body = json!({ "user": self.user, "password": self.password });
        let (status, answer) = self.post("/v1/session", None, &body)?;
        match answer["session"].as_str() {
            Some(session) if status == 200 => {
                self.session = Some(session.to_owned());
                Ok(session.to_owned())
            }
            _ => Err(Failure::Answer(format!("{} can't sign in: {answer}", self.user))),
        }
    }

    fn post(&self, path: &str, session: Option<&str>, body: &Value) -> Result<(u16, Value), Failure> {
        let mut request = self.agent.post(format!("{}{path}", self.address)).header("content-type", "application/json");
        if let Some(session) = session {
            request = request.header("authorization", format!("Bearer {session}"));
        }
        let sent = request.send(body.to_string().as_bytes());
        let mut response = sent.map_err(|fault| Failure::Answer(fault.to_string()))?;
        let text = response.body_mut().read_to_string().map_err(|fault| Failure::Answer(fault.to_string()))?;
        Ok((response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null)))
    }
}

/// One agent for all people: connections are kept.
pub fn agent() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).max_idle_age(IDLE);
    Agent::new_with_config(config.build())
}
