//! The numbers in the rail: how much waits behind each page. Three counts over indexes, none beyond a hundred.

use super::directory::Directory;
use super::sight::{Reach, Sight};
use crate::http::{Gateway, Problem};
use crate::store::{StoreError, all, one};
use outpost_model::access::{Action, ThingKind};
use outpost_model::id::UserId;
use rusqlite::{Connection, params};

/// Nobody counts further.
const MOST: i64 = 100;

#[derive(Debug, Clone, Copy, Default)]
pub struct Badges {
    pub approvals: u32,
    pub flags: u32,
    pub refused: u32,
}

impl Badges {
    pub fn of(gateway: &Gateway, sight: &Sight, directory: &Directory) -> Result<Self, Problem> {
        Ok(gateway.relay().store().read(|db| {
            Ok(Self {
                approvals: approvals(db, sight, directory)?,
                flags: flags(db, sight, directory)?,
                refused: refused(db, sight, directory)?,
            })
        })?)
    }
}

fn approvals(db: &Connection, sight: &Sight, directory: &Directory) -> Result<u32, StoreError> {
    let sql = "select person from leave_row where tenant = $1 and approved is null order by asked_at limit $2";
    let people = all(db, sql, params![directory.tenant.as_str(), MOST], |row| row.get::<_, String>(0))?;
    let mine = people.iter().filter_map(|person| UserId::parse(person).ok()).filter(|person| {
        let station = directory.people.get(person).and_then(|person| person.station.as_ref());
        sight.may_time(Action::DecideLeave, person, station)
    });
    Ok(mine.count() as u32)
}

/// Orders that aren't filed and have a flag.
fn flags(db: &Connection, sight: &Sight, directory: &Directory) -> Result<u32, StoreError> {
    let tenant = directory.tenant.as_str();
    let open = "select count(*) from (select distinct f.page from order_row o join order_flag f \
                on f.tenant = o.tenant and f.page = o.page where o.tenant = $1 and o.is_open = 1";
    match sight.orders() {
        Reach::All => one(db, &format!("{open} limit $2)"), params![tenant, MOST], |row| row.get(0)),
        Reach::These(stations) => stations.iter().try_fold(0, |sum, station| {
            let sql = format!("{open} and o.station = $2 limit $3)");
            let here: u32 = one(db, &sql, params![tenant, station.as_str(), MOST], |row| row.get(0))?;
            Ok(sum + here)
        }),
    }
}

/// What phones of people in sight sent and couldn't be admitted.
fn refused(db: &Connection, sight: &Sight, directory: &Directory) -> Result<u32, StoreError> {
    if !sight.may(Action::Read, ThingKind::Devices, None) && sight.people().is_nothing() {
        return Ok(0);
    }
    let sql = "select d.person, count(*) from refused r join device d on d.tenant = r.tenant and d.device = r.device \
               where r.tenant = $1 and d.kind = 'phone' group by d.person";
    let rows =
        all(db, sql, params![directory.tenant.as_str()], |row| Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?)))?;
    let mine = rows.into_iter().filter(|(person, _)| {
        let person = UserId::parse(person).ok().and_then(|person| directory.people.get(&person));
        sight.people().holds(person.and_then(|person| person.station.as_ref()))
    });
    Ok(mine.map(|(_, n)| n).sum())
}
