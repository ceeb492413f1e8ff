//! The numbers in the rail: how much waits behind each page. Counts over indexes.

use super::directory::Directory;
use super::matter::{DECIDED, Matter};
use super::sight::{Reach, Sight};
use crate::http::{Gateway, Problem};
use crate::store::{StoreError, all, one};
use outpost_model::access::{Action, ThingKind};
use outpost_model::fold::order::Wait;
use outpost_model::id::{StationId, UserId};
use outpost_model::time::Millis;
use rusqlite::{Connection, params};

/// A refusal is counted so long: it stays to be read, and what it needed was done or never will be.
const LATELY: i64 = 7 * Millis::hours(24);
/// Nobody counts further.
const MOST: i64 = 100;

#[derive(Debug, Clone, Copy, Default)]
pub struct Badges {
    pub approvals: u32,
    pub flags: u32,
    pub refused: u32,
    /// Calls with cash that nobody has taken over.
    pub cash: u32,
}

impl Badges {
    pub fn of(gateway: &Gateway, sight: &Sight, directory: &Directory) -> Result<Self, Problem> {
        Ok(gateway.relay().store().read(|db| {
            Ok(Self {
                approvals: approvals(db, sight, directory)?,
                cash: orders(db, sight, directory.tenant.as_str(), &[Matter::Cash])?,
                flags: flags(db, sight, directory)?,
                refused: refused(db, sight, directory, gateway.now())?,
            })
        })?)
    }
}

/// What the page of approvals lists: leave, forms, and orders that want a yes or no.
fn approvals(db: &Connection, sight: &Sight, directory: &Directory) -> Result<u32, StoreError> {
    let tenant = directory.tenant.as_str();
    let sql = "select person, '' from leave_row where tenant = $1 and approved is null order by asked_at limit $2";
    let forms =
        "select person, waits from record where tenant = $1 and waits is not null order by submitted_at limit $2";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    let mut asked = all(db, sql, params![tenant, MOST], read)?;
    asked.extend(all(db, forms, params![tenant, MOST], read)?);
    let mine = asked.iter().filter_map(|(person, waits)| Some((UserId::parse(person).ok()?, waits)));
    let mine = mine.filter(|(person, waits)| {
        let station = directory.station_of(person);
        match waits.is_empty() {
            true => sight.may_time(Action::DecideLeave, person, station),
            false => sight.may_rule(waits, person, station),
        }
    });
    Ok(mine.count() as u32 + orders(db, sight, tenant, &DECIDED)?)
}

/// Calls that wait for one of these of whoever looks.
fn orders(db: &Connection, sight: &Sight, tenant: &str, matters: &[Matter]) -> Result<u32, StoreError> {
    let wanted: Vec<_> = matters.iter().filter_map(|matter| matter.of_order()).collect();
    if !wanted.iter().any(|(_, needed)| sight.may_anywhere(*needed)) {
        return Ok(0);
    }
    let sql = "select station, waits from order_row where tenant = $1 and waits > 0 order by urgent_at limit 2000";
    let rows = all(db, sql, params![tenant], |row| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, i64>(1)?)))?;
    let count = rows.into_iter().map(|(station, bits)| {
        let station = station.and_then(|station| StationId::parse(&station).ok());
        let waits = Wait::of_bits(bits);
        let mine =
            wanted.iter().filter(|(wait, needed)| waits.contains(wait) && sight.may_order(*needed, station.as_ref()));
        mine.count() as u32
    });
    Ok(count.sum())
}

/// Orders that aren't filed and have a flag, and those that were filed unsigned.
fn flags(db: &Connection, sight: &Sight, directory: &Directory) -> Result<u32, StoreError> {
    let tenant = directory.tenant.as_str();
    let open = "select count(*) from (select distinct f.page from order_row o join order_flag f \
                on f.tenant = o.tenant and f.page = o.page where o.tenant = $1 \
                and (o.is_open = 1 or f.kind = 'closed_unsigned')";
    match sight.orders() {
        Reach::All => one(db, &format!("{open} limit $2)"), params![tenant, MOST], |row| row.get(0)),
        Reach::These(stations) => stations.iter().try_fold(0, |sum, station| {
            let sql = format!("{open} and o.station = $2 limit $3)");
            let here: u32 = one(db, &sql, params![tenant, station.as_str(), MOST], |row| row.get(0))?;
            Ok(sum + here)
        }),
    }
}

/// What phones of people in sight sent lately and couldn't be admitted; and what was handed in and waits for a word.
fn refused(db: &Connection, sight: &Sight, directory: &Directory, now: Millis) -> Result<u32, StoreError> {
    if sight.people().is_nothing() {
        return Ok(0);
    }
    let tenant = directory.tenant.as_str();
    let sql = "select d.person, count(*) from refused r join device d on d.tenant = r.tenant and d.device = r.device \
               where r.tenant = $1 and d.kind = 'phone' and r.received >= $2 group by d.person";
    let since = now.plus(-LATELY);
    let rows = all(db, sql, params![tenant, since.0], |row| Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?)))?;
    let mine = rows.into_iter().filter(|(person, _)| {
        let person = UserId::parse(person).ok().and_then(|person| directory.people.get(&person));
        sight.people().holds(person.and_then(|person| person.station.as_ref()))
    });
    let lately: u32 = mine.map(|(_, n)| n).sum();
    if !sight.may(Action::Administer, ThingKind::Devices, None) {
        return Ok(lately);
    }
    let sql = "select count(*) from review where tenant = $1 and state = 'open'";
    let waiting: u32 = one(db, sql, params![tenant], |row| row.get(0))?;
    Ok(lately.saturating_add(waiting))
}
