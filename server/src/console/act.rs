//! What a form asks of the relay: a decision, an entry, or both in one act, over what its page had shown. The answer is
//! said in words; what was refused leaves the form as it was typed.

use super::audit::{self, Act};
use super::directory::Directory;
use super::form::Form;
use super::show::Almanac;
use super::visit::Visitor;
use crate::http::{Gateway, Problem};
use crate::relay::{After, ConsoleAct, ConsoleWrite, Decided, Denied, Heads};
use crate::store::{StoreError, probe};
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::header::Header;
use outpost_model::id::{CommandId, Hash, PageId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use rusqlite::{Connection, params};

/// The id of a form that is about to be shown; the same form sent twice is one act.
pub fn fresh_id(now: Millis) -> String {
    CommandId::v7(now.0.max(0) as u64, rand::random()).to_string()
}

pub fn last_decision(db: &Connection, directory: &Directory, page: PageId) -> Result<Option<CommandId>, StoreError> {
    let sql = "select id from answer where tenant = $1 and page = $2 order by seq desc limit 1";
    probe(db, sql, params![directory.tenant.as_str(), page.0], |row| row.get(0).map(CommandId))
}

/// What a page showed of what its forms ask about.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    pub after: Option<CommandId>,
    pub heads: Vec<Hash>,
}

impl Shown {
    /// As hidden fields spell it.
    pub fn after_text(&self) -> String {
        self.after.map_or_else(|| "none".to_owned(), |id| id.to_string())
    }
    pub fn heads_text(&self) -> String {
        self.heads.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }

    /// As the form brings it back. What can't be read was not shown.
    pub fn of(form: &Form) -> Self {
        Self {
            after: CommandId::parse(form.get("after")).ok(),
            heads: form.get("heads").split(',').filter_map(|hash| Hash::parse(hash).ok()).collect(),
        }
    }
}

/// Whether this very form was taken before: what it made is there, and is no fault of it.
pub fn was_taken(gateway: &Gateway, visitor: &Visitor, form: &Form) -> Result<bool, Problem> {
    let Ok(id) = CommandId::parse(form.get("id")) else { return Ok(false) };
    let tenant = visitor.directory.tenant.as_str();
    let sql = "select 1 from answer where tenant = $1 and id = $2";
    let found = gateway.relay().store().read(|db| probe(db, sql, params![tenant, id.0], |_| Ok(())))?;
    Ok(found.is_some())
}

/// What came of a form.
pub enum Done {
    /// It was done, now or when the same form came first.
    Taken,
    /// It was so already.
    AlreadySo,
    /// It wasn't: the form says why.
    Not(Form),
}

/// What a form asks for.
#[derive(Default)]
pub struct Wish {
    pub ask: Option<Ask>,
    pub write: Option<(Header, Vec<Body>)>,
}

/// Asks it of the relay as that person. `form` comes back with the reason where it wasn't taken.
pub fn take(gateway: &Gateway, visitor: &Visitor, mut form: Form, wish: Wish) -> Result<Done, Problem> {
    let shown = Shown::of(&form);
    let Ok(id) = CommandId::parse(form.get("id")) else { return Err(Problem::of(Code::CsrfInvalid)) };
    let detail = wish.ask.as_ref().map(|ask| ask.name().to_owned());
    let about = form.get("about").to_owned();
    let act = ConsoleAct {
        id,
        ask: wish.ask,
        after: shown.after.map_or(After::Nothing, After::Decision),
        heads: Heads::These(Vec::new()),
        write: wish.write.map(|(header, bodies)| ConsoleWrite {
            header,
            entries: bodies.into_iter().map(|body| (None, body)).collect(),
            seen: Heads::These(shown.heads),
        }),
    };
    match gateway.relay().act(&visitor.user, act) {
        Ok(reply) => {
            let already = matches!(reply.decided, Some(Decided::AlreadySo(_)));
            if let Some(detail) = detail.filter(|_| !already) {
                let detail = if about.is_empty() { detail } else { format!("{detail} {about}") };
                audit::note(gateway, &visitor.user, Act::Decision, detail);
            }
            Ok(if already { Done::AlreadySo } else { Done::Taken })
        }
        Err(denied) => {
            form.trouble = Some(said(visitor, &denied)?);
            Ok(Done::Not(form))
        }
    }
}

/// A refusal in words; what isn't the form's business is a page of its own.
fn said(visitor: &Visitor, denied: &Denied) -> Result<String, Problem> {
    let w = visitor.w;
    let almanac = Almanac { w, zone: &visitor.directory.policy.zone, now: visitor.now };
    let by = denied.by.as_ref().map(|(who, at)| (visitor.directory.name_of(who), almanac.moment(*at)));
    Ok(match (denied.code, by) {
        (Code::Superseded, Some((who, at))) => w.decided_already(who, at),
        (Code::StaleForm, Some((who, at))) => w.changed_meanwhile(who, at),
        (Code::StaleForm, None) => w.changed_meanwhile_unknown().to_owned(),
        (Code::NotFound | Code::SignInNeeded | Code::PersonInactive, _) => return Err(denied.clone().into()),
        (code, _) => {
            let sentence = w.of(code.zh(), code.en());
            if denied.detail.is_empty() { sentence.to_owned() } else { format!("{sentence} ({})", denied.detail) }
        }
    })
}
