//! The lists of customers, units, duty and leave: what their pages show now, written down with the row that changed it,
//! so that a page of the console reads rows and opens no page.

use super::Book;
use crate::relay::hot::HotPage;
use crate::store::{StoreError, all, change};
use outpost_model::decision::Decision;
use outpost_model::entry::Body;
use outpost_model::fold::Sheet;
use outpost_model::fold::attendance::{Clocked, own_time};
use outpost_model::id::{AssetCode, CustomerCode, Hash, PageId, UserId};
use outpost_model::time::{Day, Millis};
use rusqlite::{Row, params};
use std::collections::{BTreeMap, BTreeSet};

/// Endings of a name that are kept at most: nobody looks for the fortieth character of one.
const ENDINGS: usize = 40;

/// A field as it is shown: the first admitted of its values.
fn shown(hot: &HotPage, field: &str) -> String {
    hot.index.values(field).next().map(|row| row.value.trim().to_owned()).unwrap_or_default()
}

/// How a text is looked for: without case, without what separates digits.
pub(crate) fn searched(text: &str) -> String {
    text.trim().chars().flat_map(char::to_lowercase).collect()
}

/// The digits of a telephone number, without the country's code.
pub(crate) fn digits(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let national = digits.strip_prefix("0086").or_else(|| number.trim().strip_prefix("+86").map(|_| &digits[2..]));
    national
        .map_or_else(|| digits.clone(), |national| national.trim_start_matches('0').to_owned())
        .trim_start_matches('0')
        .to_owned()
}

fn endings(text: &str) -> BTreeSet<String> {
    let text = searched(text);
    text.char_indices().take(ENDINGS).map(|(at, _)| text[at..].to_owned()).filter(|end| !end.is_empty()).collect()
}

/// Beginnings by which a number is found: all of it, and its endings down to the last four digits.
fn number_terms(number: &str) -> BTreeSet<String> {
    let digits = digits(number);
    (0..digits.len().saturating_sub(3)).take(ENDINGS).map(|at| digits[at..].to_owned()).collect()
}

/// A day's clock as its row has it, after the first column.
pub(in crate::relay) fn clocked_of(row: &Row<'_>) -> rusqlite::Result<Clocked> {
    let moment = |place: usize| row.get::<_, Option<i64>>(place).map(|at| at.map(Millis));
    Ok(Clocked { first_in: moment(1)?, last_out: moment(2)?, suspect: row.get::<_, i64>(3)? == 1 })
}

impl Book<'_> {
    pub(super) fn list_touched(&mut self) -> Result<(), StoreError> {
        for customer in std::mem::take(&mut self.customers) {
            self.list_customer(&customer)?;
        }
        for asset in std::mem::take(&mut self.assets) {
            self.list_asset(&asset)?;
        }
        for person in std::mem::take(&mut self.own_times) {
            self.list_duty(&person)?;
        }
        Ok(())
    }

    fn list_customer(&mut self, customer: &CustomerCode) -> Result<(), StoreError> {
        let page = self.customer_page(customer);
        let Some(hot) = self.page(page)? else { return Ok(()) };
        let place = self.customer_place(customer)?;
        let [name, address, contact, phone] = ["name", "address", "contact", "phone"].map(|field| shown(&hot, field));
        let [lat, lng] = ["lat_e7", "lng_e7"].map(|field| shown(&hot, field).parse::<i64>().ok());
        let sql = "insert into customer_row (tenant, customer, page, name, address, contact, phone, station, \
                   distance_km, lat_e7, lng_e7) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                   on conflict (tenant, customer) do update set name = excluded.name, address = excluded.address, \
                   contact = excluded.contact, phone = excluded.phone, station = excluded.station, \
                   distance_km = excluded.distance_km, lat_e7 = excluded.lat_e7, lng_e7 = excluded.lng_e7";
        let (station, distance) = place.map_or((None, 0), |(station, km)| (Some(station), km));
        let values = params![
            self.tenant.as_str(),
            customer.as_str(),
            page.0,
            name,
            address,
            contact,
            phone,
            station.as_ref().map(|station| station.as_str()),
            distance,
            lat,
            lng,
        ];
        change(self.db, sql, values)?;
        let mut terms = endings(&name);
        terms.extend(number_terms(&phone));
        terms.insert(searched(customer.as_str()));
        self.list_terms("c", customer.as_str(), &terms)
    }

    fn list_asset(&mut self, asset: &AssetCode) -> Result<(), StoreError> {
        let page = self.asset_page(asset);
        let Some(hot) = self.page(page)? else { return Ok(()) };
        let fields = ["customer", "model", "serial", "bought", "warranty_until", "sold_by"];
        let [customer, model, serial, bought, warranty, sold_by] = fields.map(|field| shown(&hot, field));
        let sql = "insert into asset_row (tenant, asset, page, customer, model, serial, bought, warranty_until, sold_by) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                   on conflict (tenant, asset) do update set customer = excluded.customer, model = excluded.model, \
                   serial = excluded.serial, bought = excluded.bought, warranty_until = excluded.warranty_until, \
                   sold_by = excluded.sold_by";
        let values =
            params![self.tenant.as_str(), asset.as_str(), page.0, customer, model, serial, bought, warranty, sold_by];
        change(self.db, sql, values)?;
        let mut terms = endings(&serial);
        terms.insert(searched(asset.as_str()));
        self.list_terms("a", asset.as_str(), &terms)
    }

    fn list_terms(&mut self, kind: &str, code: &str, terms: &BTreeSet<String>) -> Result<(), StoreError> {
        let sql = "delete from search_term where tenant = $1 and kind = $2 and code = $3";
        change(self.db, sql, params![self.tenant.as_str(), kind, code])?;
        let sql = "insert into search_term (tenant, term, kind, code) values ($1, $2, $3, $4)";
        for term in terms.iter().filter(|term| !term.is_empty()) {
            change(self.db, sql, params![self.tenant.as_str(), term, kind, code])?;
        }
        Ok(())
    }

    fn list_duty(&mut self, person: &UserId) -> Result<(), StoreError> {
        let own = self.own_time(person)?;
        let (out_to, out_due) = own.out.map_or((None, None), |(place, due)| (Some(place), Some(due.0)));
        let sql = "insert into duty (tenant, person, on_since, out_to, out_due) values ($1, $2, $3, $4, $5) \
                   on conflict (tenant, person) do update set on_since = excluded.on_since, \
                   out_to = excluded.out_to, out_due = excluded.out_due";
        let since = own.on_duty_since.map(|at| at.0);
        change(self.db, sql, params![self.tenant.as_str(), person.as_str(), since, out_to, out_due])?;
        for page in self.attendance_pages(person)? {
            self.list_leaves(person, page)?;
        }
        self.list_clocked(person, &own.clocked)
    }

    /// The days with a clock-in or -out; only what differs is written.
    fn list_clocked(&self, person: &UserId, now: &BTreeMap<Day, Clocked>) -> Result<(), StoreError> {
        let (tenant, person) = (self.tenant.as_str(), person.as_str());
        let sql = "select day, first_in, last_out, suspect from clocked_day where tenant = $1 and person = $2";
        let rows = all(self.db, sql, params![tenant, person], |row| Ok((row.get::<_, String>(0)?, clocked_of(row)?)))?;
        let mut were: BTreeMap<String, Clocked> = rows.into_iter().collect();
        for (day, clocked) in now {
            let day = day.to_string();
            if were.remove(&day).as_ref() == Some(clocked) {
                continue;
            }
            let sql = "insert into clocked_day (tenant, person, day, first_in, last_out, suspect) \
                       values ($1, $2, $3, $4, $5, $6) on conflict (tenant, person, day) do update set \
                       first_in = excluded.first_in, last_out = excluded.last_out, suspect = excluded.suspect";
            let (came, left) = (clocked.first_in.map(|at| at.0), clocked.last_out.map(|at| at.0));
            change(self.db, sql, params![tenant, person, day, came, left, i64::from(clocked.suspect)])?;
        }
        for day in were.keys() {
            let sql = "delete from clocked_day where tenant = $1 and person = $2 and day = $3";
            change(self.db, sql, params![tenant, person, day])?;
        }
        Ok(())
    }

    /// Days begin elsewhere under another zone.
    pub(super) fn touch_every_person(&mut self) -> Result<(), StoreError> {
        let sql = "select distinct person from attendance where tenant = $1";
        let people = all(self.db, sql, params![self.tenant.as_str()], |row| row.get::<_, String>(0))?;
        self.own_times.extend(people.iter().filter_map(|person| UserId::parse(person).ok()));
        Ok(())
    }

    /// The requests that stand on one page, each with its decision.
    fn list_leaves(&mut self, person: &UserId, page: PageId) -> Result<(), StoreError> {
        let Some(hot) = self.page(page)? else { return Ok(()) };
        let envelopes = |change: &Hash| hot.envelope(change).cloned();
        let sheet = Sheet { index: &hot.index, envelopes: &envelopes };
        let decisions: &[Decision] = &hot.decisions;
        let asked: Vec<_> = sheet
            .live(decisions)
            .into_iter()
            .filter(|event| matches!(event.body, Body::RequestLeave { .. }))
            .map(|event| (event.id, event.at))
            .collect();
        let own = own_time(&[(sheet, decisions)], &self.policy);
        change(
            self.db,
            "delete from leave_row where tenant = $1 and page = $2",
            params![self.tenant.as_str(), page.0],
        )?;
        for leave in &own.leaves {
            let at = asked.iter().find(|(id, _)| *id == leave.entry).map_or(0, |(_, at)| at.0);
            let sql = "insert into leave_row (tenant, entry, page, person, kind, day_from, day_to, reason, asked_at, \
                       approved, decided_at, decided_seq) \
                       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
            let values = params![
                self.tenant.as_str(),
                leave.entry.0,
                page.0,
                person.as_str(),
                leave.kind,
                leave.from.to_string(),
                leave.to.to_string(),
                leave.reason,
                at,
                leave.approved.map(i64::from),
                leave.decided.map(|(at, _)| at.0),
                leave.decided.map(|(_, seq)| seq),
            ];
            change(self.db, sql, values)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_written() {
        for written in ["0531-80000002", "+86 531 8000 0002", "0086 531 80000002", "531 80000002"] {
            assert_eq!(digits(written), "53180000002", "{written}");
        }
        let terms = number_terms("0531-80000002");
        assert!(terms.contains("80000002") && terms.contains("0002") && !terms.contains("002"));
    }

    #[test]
    fn a_name_is_found_by_any_part_of_it() {
        let terms = endings("Qingdao 青岛化工");
        assert!(["青岛化工", "化工", "qingdao 青岛化工"].iter().all(|term| terms.contains(*term)));
    }
}
