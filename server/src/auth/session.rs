//! Sessions of people at the console, kept here and nowhere else: the browser holds a random name for one.
//! A session ends after half an hour of idleness or after its longest age, whichever comes first, by the relay's clock.

use super::secret::hash_of;
use crate::store::{StoreError, change, probe};
use outpost_model::id::{TenantId, UserId};
use outpost_model::time::Millis;
use rusqlite::{Connection, params};

/// Being seen is written down at most once in so long: a read shouldn't cost a write.
const SEEN_STEP: i64 = Millis::minutes(1);
/// Most sessions of one person; a new one takes the place of the one idle longest.
const MAX_OF_ONE: u32 = 20;

#[derive(Debug, Clone, Copy)]
pub struct Lifetime {
    pub idle: i64,
    pub longest: i64,
}

/// A session that holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub user: UserId,
    pub began: Millis,
    /// Its being seen isn't written down yet; see [`touch`].
    pub is_due: bool,
}

pub fn begin(
    store: &Connection,
    tenant: &TenantId,
    user: &UserId,
    secret: &str,
    now: Millis,
) -> Result<(), StoreError> {
    change(
        store,
        "delete from session where tenant = $1 and person = $2 and session_hash in (
            select session_hash from session where tenant = $1 and person = $2
            order by seen_at desc, session_hash limit 1000 offset $3)",
        params![tenant.as_str(), user.as_str(), MAX_OF_ONE - 1],
    )?;
    change(
        store,
        "insert into session (tenant, session_hash, person, began_at, seen_at) values ($1, $2, $3, $4, $4)",
        params![tenant.as_str(), hash_of("session", secret), user.as_str(), now.0],
    )?;
    Ok(())
}

pub fn find(
    store: &Connection,
    tenant: &TenantId,
    secret: &str,
    lifetime: Lifetime,
    now: Millis,
) -> Result<Option<Session>, StoreError> {
    let row: Option<(String, i64, i64)> = probe(
        store,
        "select person, began_at, seen_at from session where tenant = $1 and session_hash = $2",
        params![tenant.as_str(), hash_of("session", secret)],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let Some((user, began, seen)) = row else { return Ok(None) };
    let (began, seen) = (Millis(began), Millis(seen));
    // The idle limit has to outlast the step in which being seen is written.
    let holds = now.since(seen) < lifetime.idle && now.since(began) < lifetime.longest;
    let user = UserId::parse(&user).ok().filter(|_| holds);
    Ok(user.map(|user| Session { user, began, is_due: now.since(seen) >= SEEN_STEP }))
}

pub fn touch(store: &Connection, tenant: &TenantId, secret: &str, now: Millis) -> Result<(), StoreError> {
    change(
        store,
        "update session set seen_at = $1 where tenant = $2 and session_hash = $3 and seen_at < $1",
        params![now.0, tenant.as_str(), hash_of("session", secret)],
    )?;
    Ok(())
}

pub fn end(store: &Connection, tenant: &TenantId, secret: &str) -> Result<(), StoreError> {
    change(
        store,
        "delete from session where tenant = $1 and session_hash = $2",
        params![tenant.as_str(), hash_of("session", secret)],
    )?;
    Ok(())
}

/// All of a person's sessions end: a new password, or the person left.
pub fn end_all_of(store: &Connection, tenant: &TenantId, user: &UserId) -> Result<(), StoreError> {
    change(store, "delete from session where tenant = $1 and person = $2", params![tenant.as_str(), user.as_str()])?;
    Ok(())
}

/// What a form has to bring along beside the cookie. Only who knows the session's secret can work it out.
pub fn csrf_of(secret: &str) -> String {
    hash_of("csrf", secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::tables;

    const LIFETIME: Lifetime = Lifetime { idle: Millis::minutes(30), longest: Millis::hours(12) };

    #[test]
    fn a_session_ends_by_idleness_and_by_age() {
        let store = Connection::open_in_memory().unwrap();
        tables::create(&store).unwrap();
        let (tenant, user) = (TenantId::parse("acme").unwrap(), UserId::parse("u-1").unwrap());
        let holds = |minute| {
            let now = Millis(Millis::minutes(minute));
            let found = find(&store, &tenant, "s", LIFETIME, now).unwrap();
            if found.as_ref().is_some_and(|session| session.is_due) {
                touch(&store, &tenant, "s", now).unwrap();
            }
            found.is_some()
        };
        begin(&store, &tenant, &user, "s", Millis(0)).unwrap();
        assert!(holds(29) && holds(58));
        assert!(!holds(88), "idle");
        begin(&store, &tenant, &user, "t", Millis(0)).unwrap();
        end_all_of(&store, &tenant, &user).unwrap();
        assert!(!holds(0));
        begin(&store, &tenant, &user, "s", Millis(0)).unwrap();
        assert!((1..=35).all(|n| holds(n * 20)), "busy for eleven hours and forty minutes");
        assert!(!holds(720), "twelve hours");
    }
}
