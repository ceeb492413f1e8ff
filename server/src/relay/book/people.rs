//! People in the books: which scopes each holds, and where his own time is seen.

use super::Book;
use crate::relay::scope;
use crate::store::{StoreError, all, change};
use outpost_model::command::Ask;
use outpost_model::id::{PageId, UserId};
use outpost_model::record::{Person, Role};
use outpost_model::time::Month;
use rusqlite::params;
use std::collections::BTreeSet;

impl Book<'_> {
    /// Who somebody was before a decision puts him on record anew.
    pub(super) fn person_before(&self, ask: &Ask) -> Result<Option<Person>, StoreError> {
        match ask {
            Ask::PutPerson { person } => self.find_person(&person.user),
            _ => Ok(None),
        }
    }

    pub(super) fn put_person(&mut self, before: Option<Person>, now: &Person, seq: u64) -> Result<(), StoreError> {
        self.people.get_mut().insert(now.user.clone(), Some(now.clone()));
        self.move_holder(now, seq)?;
        if before.as_ref().map(|person| &person.station) != Some(&now.station) {
            for page in self.attendance_pages(&now.user)?.into_iter().chain(self.record_pages(&now.user)?) {
                self.place_personal(&now.user, page, seq)?;
            }
        }
        // By role and station work on an order is marked.
        let marked_by = |person: &Person| (person.role == Role::Engineer, person.station.clone());
        if before.as_ref().is_some_and(|before| marked_by(before) != marked_by(now)) {
            self.touch_every_order()?;
        }
        Ok(())
    }

    fn move_holder(&mut self, person: &Person, seq: u64) -> Result<(), StoreError> {
        let (tenant, user) = (self.tenant.clone(), person.user.as_str());
        let sql = "select scope from holder where tenant = $1 and person = $2 and until is null";
        let held: BTreeSet<String> =
            all(self.db, sql, params![tenant.as_str(), user], |row| row.get(0))?.into_iter().collect();
        let wanted = scope::held_by(person);
        for scope in wanted.difference(&held) {
            let sql = "insert into holder (tenant, person, scope, since, until) values ($1, $2, $3, $4, null) \
                       on conflict (tenant, person, scope) do update set since = excluded.since, until = null";
            change(self.db, sql, params![tenant.as_str(), user, scope, seq])?;
        }
        for scope in held.difference(&wanted) {
            let sql = "update holder set until = $1 where tenant = $2 and person = $3 and scope = $4";
            change(self.db, sql, params![seq, tenant.as_str(), user, scope])?;
        }
        self.touched.extend(wanted.symmetric_difference(&held).cloned());
        Ok(())
    }

    pub(super) fn list_attendance(&mut self, person: &UserId, month: Month, page: PageId) -> Result<(), StoreError> {
        let sql = "insert into attendance (tenant, person, month, page) values ($1, $2, $3, $4) on conflict do nothing";
        change(self.db, sql, params![self.tenant.as_str(), person.as_str(), month.to_string(), page.0]).map(drop)
    }

    /// A person's own time and forms are his, his lead's and the company's to see.
    pub(super) fn place_personal(&mut self, person: &UserId, page: PageId, seq: u64) -> Result<(), StoreError> {
        let station = self.find_person(person)?.and_then(|person| person.station);
        let mut wanted = BTreeSet::from([scope::TENANT.to_owned(), scope::of_user(person)]);
        wanted.extend(station.as_ref().map(scope::of_lead));
        let held = self.held(page)?;
        for scope in wanted.difference(&held) {
            self.join(scope, page, seq)?;
        }
        for scope in held.difference(&wanted) {
            self.leave(scope, page, seq)?;
        }
        Ok(())
    }

    /// A person's attendance pages, by month.
    pub(in crate::relay) fn attendance_pages(&self, person: &UserId) -> Result<Vec<PageId>, StoreError> {
        let sql = "select page from attendance where tenant = $1 and person = $2 order by month";
        all(self.db, sql, params![self.tenant.as_str(), person.as_str()], |row| row.get(0).map(PageId))
    }
}
