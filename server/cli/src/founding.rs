//! The first start in a folder: the company, its policy with the regulations' own figures, and one person at
//! headquarters, whose password is shown once.

use crate::trouble::Trouble;
use outpost_model::command::Ask;
use outpost_model::id::{TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::record::{Person, Role};
use outpost_model::time::Zone;
use outpost_server::auth::{password, tables};
use outpost_server::relay::Relay;

/// Who signs in first, and with what.
pub struct FirstAccount {
    pub user: UserId,
    pub password: String,
}

/// Sets the company up where there is none; the account to get in with is returned that one time.
pub fn found(relay: &Relay, tenant: &TenantId, zone: Zone) -> Result<Option<FirstAccount>, Trouble> {
    if relay.tenant().is_some() {
        return Ok(None);
    }
    let user = UserId::parse("hq").expect("two letters are a code");
    let chosen = password::made_up(rand::random());
    let phc = password::hash(&chosen, rand::random())?;
    let (of, to, now) = (tenant.clone(), user.clone(), relay.clock().now());
    // Before the company itself: should the machine stop between the two, the next start begins again.
    relay.store().write(move |tx| {
        tables::create(tx)?;
        password::keep(tx, &of, &to, &phc, now)
    })?;
    let month = zone.day(now).month();
    let person =
        Person { user: user.clone(), name: "总部 Headquarters".into(), role: Role::Hq, station: None, active: true };
    relay.bootstrap(tenant, Policy::regulations(zone, month), vec![Ask::PutPerson { person }])?;
    Ok(Some(FirstAccount { user, password: chosen }))
}
