//! Where a person's month stands with signing, and the form that signs it.

use super::super::act::fresh_id;
use super::super::visit::Visitor;
use super::sheet::{ended, unresolved};
use crate::relay::PersonMonth;
use outpost_model::access::Action;
use outpost_model::record::Person;
use outpost_model::time::Month;

/// One person's month, as far as signing goes.
pub struct Seal {
    pub name: String,
    pub path: String,
    pub state: SealState,
}

pub enum SealState {
    /// From which day it can be signed off.
    Early(String),
    /// Nobody has signed it; what is unresolved, and the form for whoever may.
    Open(String, Option<SealForm>),
    Signed(String),
    /// It reads differently than when it was signed.
    Changed(String, Option<SealForm>),
}

pub struct SealForm {
    pub path: String,
    pub id: String,
    pub after: String,
    pub month: String,
    pub to: String,
    pub word: String,
    pub note: String,
    pub is_next: bool,
}

impl Seal {
    pub fn of(visitor: &Visitor, who: &Person, own: &PersonMonth, month: Month, to: String) -> Self {
        let (w, almanac) = (visitor.w, visitor.almanac());
        let rules = &visitor.directory.policy;
        let closing = rules.closing_day(month);
        let may = visitor.sight.may_time(Action::SignOff, &who.user, who.station.as_ref());
        let open = unresolved(w, own, ended(visitor));
        let revision = own.revision + 1;
        let form = || {
            may.then(|| SealForm {
                path: format!("/attendance/{}/seal", who.user),
                id: fresh_id(visitor.now),
                after: own.after.map_or_else(|| "none".to_owned(), |id| id.to_string()),
                month: month.to_string(),
                to: to.clone(),
                word: if revision == 1 { w.sign_off().to_owned() } else { w.sign_revision(revision) },
                note: match open.is_empty() {
                    true => w.seal_consequence().to_owned(),
                    false => format!("{}{}", w.seal_open(open.join(w.of("，", ", "))), w.seal_consequence()),
                },
                is_next: false,
            })
        };
        let state = match &own.signed {
            Some(signed) if own.differs.is_empty() => SealState::Signed(w.signed_by(
                w.revision(signed.month.revision),
                visitor.directory.name_of(&signed.by),
                almanac.moment(signed.at),
            )),
            Some(_) => SealState::Changed(w.days_changed(own.differs.len()), form()),
            None if ended(visitor) < rules.days_of(month).1 => {
                SealState::Early(w.seal_from(almanac.plain_day(closing)))
            }
            None if open.is_empty() => SealState::Open(w.nothing_open().to_owned(), form()),
            None => SealState::Open(open.join(w.of("，", ", ")), form()),
        };
        Self { name: who.name.clone(), path: format!("/attendance/{}?month={month}", who.user), state }
    }

    /// Yellow is the next step: one on a page.
    pub fn marked_next(mut self, has_next: &mut bool) -> Self {
        if let SealState::Open(_, Some(form)) | SealState::Changed(_, Some(form)) = &mut self.state {
            form.is_next = !std::mem::replace(has_next, true);
        }
        self
    }
}
