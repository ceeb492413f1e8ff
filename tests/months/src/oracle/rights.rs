//! Who may do what: the README's paragraph of rights, line by line.
//!
//! Judged when the server receives the act, by what it knows then.

use super::case::Case;
use super::server::Server;
use crate::{
    Action,
    org::{Role, User},
};

pub fn may(server: &Server, user: &User, action: &Action) -> bool {
    let case = action.order().and_then(|order| server.cases.get(order));
    match action {
        Action::OpenOrder { customer, .. } => {
            let Some(customer) = server.org.customer(customer) else { return false };
            case.is_none()
                && match user.role {
                    Role::Clerk | Role::Hq => true,
                    Role::Lead | Role::Engineer => user.station.as_ref() == Some(&customer.station),
                }
        }
        Action::Close { .. } => case.is_some_and(|case| files(user, case)),
        Action::Set { .. } => case.is_some_and(|case| files(user, case) || case.is_or_was_on(&user.id)),
        Action::Assign { .. } | Action::AssignHelper { .. } | Action::Inspect { .. } => {
            case.is_some_and(|case| user.role != Role::Clerk && files(user, case))
        }
        Action::Contact { .. }
        | Action::Depart { .. }
        | Action::Arrive { .. }
        | Action::Leave { .. }
        | Action::UsePart { .. }
        | Action::Charge { .. }
        | Action::TakeBack { .. }
        | Action::Repair { .. }
        | Action::ReturnItem { .. }
        | Action::Sign { .. } => case.is_some_and(|case| works_on(user, case)),
        Action::ClockIn { .. } | Action::ClockOut { .. } | Action::RequestLeave { .. } | Action::Task { .. } => {
            user.role == Role::Engineer
        }
        Action::DecideLeave { leave, .. } => {
            server.leave_owners.get(leave.as_str()).is_some_and(|owner| decides_for(user, owner))
        }
        Action::SealMonth { user: subject, .. } => {
            server.org.user(subject).is_some_and(|subject| decides_for(user, subject))
        }
        Action::Enrol { .. } | Action::Revoke { .. } => user.role == Role::Hq,
        Action::Sync | Action::Backup | Action::Restore => true,
    }
}

/// Clerk, lead of the order's station, hq.
fn files(user: &User, case: &Case) -> bool {
    match user.role {
        Role::Clerk | Role::Hq => true,
        Role::Lead => user.station.as_deref() == Some(case.station),
        Role::Engineer => false,
    }
}

/// Whoever is or was on the order; and an engineer of its station who never was: that counts, and is flagged.
fn works_on(user: &User, case: &Case) -> bool {
    user.role == Role::Engineer && (case.is_or_was_on(&user.id) || user.station.as_deref() == Some(case.station))
}

fn decides_for(user: &User, subject: &User) -> bool {
    user.id != subject.id
        && match user.role {
            Role::Hq => true,
            Role::Lead => user.station == subject.station,
            Role::Clerk | Role::Engineer => false,
        }
}
