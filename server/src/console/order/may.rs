//! What may be done with an order now, by whoever looks.

use super::super::visit::Visitor;
use outpost_model::access::Action;
use outpost_model::fold::order::{OrderFacts, State};

#[derive(Default)]
pub struct May {
    pub dispatch: Option<&'static str>,
    pub fresh: bool,
    pub helper: bool,
    pub rebook: bool,
    pub cancel: bool,
    pub file: bool,
    pub reopen: bool,
    pub same: bool,
    pub follow_up: bool,
    /// Nobody has set out yet: perhaps nobody has to.
    pub phone_fix: bool,
    pub edit: bool,
}

impl May {
    pub fn of(visitor: &Visitor, facts: &OrderFacts) -> Self {
        let (sight, w) = (&visitor.sight, visitor.w);
        let can = |action| sight.may_this(action, facts);
        let is_open = facts.is_open();
        let dispatch = if facts.engineer.is_some() { w.transfer() } else { w.dispatch() };
        Self {
            dispatch: (is_open && can(Action::Dispatch)).then_some(dispatch),
            fresh: facts.engineer.is_none(),
            helper: is_open && facts.engineer.is_some() && can(Action::Dispatch),
            rebook: is_open && can(Action::Rebook),
            cancel: is_open && can(Action::File),
            file: is_open && can(Action::File),
            reopen: !is_open && can(Action::File),
            same: can(Action::File),
            follow_up: is_open && facts.follow_up_due.is_some() && can(Action::FollowUp),
            phone_fix: matches!(facts.state, State::Open | State::Assigned | State::Replied) && can(Action::FixByPhone),
            edit: is_open && can(Action::SetField),
        }
    }
}
