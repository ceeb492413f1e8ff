//! Orders as lists show them: rows of the projection, with the customer's and the unit's names, the limit that runs and
//! whether the phone has it. A list is a filter and an order, both in the address; a page is found by where the last
//! one ended.

use super::directory::Directory;
use super::show::{Almanac, about, span};
use super::sight::Reach;
use crate::relay::digits;
use crate::relay::searched;
use crate::store::{StoreError, all, one, probe};
use outpost_model::fold::order::{OrderFacts, State};
use outpost_model::id::{PageId, UserId};
use outpost_model::time::Millis;
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

/// One row of a list.
pub struct OrderRow {
    pub id: String,
    pub number: String,
    pub customer: String,
    pub unit: String,
    pub fault: String,
    pub engineer: Option<String>,
    pub state: &'static str,
    pub is_undispatched: bool,
    pub limit: Option<LimitCell>,
    pub phone: PhoneCell,
    pub flags: usize,
}

/// A limit's clock: what is left, or by how much it is late.
pub struct LimitCell {
    pub is_late: bool,
    pub figure: String,
    pub kind: &'static str,
    pub spoken: String,
    /// What is left, of a hundred.
    pub share: u32,
}

/// Whether the engineer's phone has the order.
pub enum PhoneCell {
    None,
    Delivered(String),
    Undelivered(String),
    NoPhone,
}

/// What a list shows.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub reach: Reach,
    pub states: States,
    pub engineer: Option<UserId>,
    pub search: String,
    pub newest_first: bool,
    pub flagged: bool,
    /// After this sort key and page.
    pub after: Option<(i64, PageId)>,
    pub most: usize,
}

/// Which states: the filters of the list and the five counts of Today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    Open,
    All,
    One(State),
    Overdue,
    Undelivered,
    FinishedToday,
}

impl States {
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "open" => States::Open,
            "all" => States::All,
            "overdue" => States::Overdue,
            "undelivered" => States::Undelivered,
            "today" => States::FinishedToday,
            name => States::One(State::ALL.into_iter().find(|state| state.name() == name)?),
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            States::Open => "open",
            States::All => "all",
            States::Overdue => "overdue",
            States::Undelivered => "undelivered",
            States::FinishedToday => "today",
            States::One(state) => match state {
                State::Open => "unassigned",
                state => state.name(),
            },
        }
    }
}

/// The condition of a filter, and what it is asked with.
struct Condition {
    sql: String,
    values: Vec<Value>,
}

impl Condition {
    fn new(tenant: &str) -> Self {
        Self { sql: "o.tenant = $1".into(), values: vec![Value::Text(tenant.into())] }
    }

    /// `?` stands for the next value.
    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(" and ");
        let mut values = values.into_iter();
        for piece in sql.split_inclusive('?') {
            match piece.strip_suffix('?') {
                Some(before) => {
                    self.values.extend(values.next());
                    self.sql.push_str(&format!("{before}${}", self.values.len()));
                }
                None => self.sql.push_str(piece),
            }
        }
    }

    fn reach(&mut self, reach: &Reach) {
        if let Reach::These(stations) = reach {
            let marks = vec!["?"; stations.len()].join(", ");
            self.and(&format!("o.station in ({marks})"), stations.iter().map(|one| Value::Text(one.to_string())));
        }
    }
}

/// Of the phones of an order's engineer, none has shown that it holds the decision.
const UNDELIVERED: &str = "o.is_open = 1 and o.dispatch_seq is not null and o.state = 'assigned' and o.dispatch_seq > \
     coalesce((select max(d.held) from device d where d.tenant = o.tenant and d.person = o.engineer \
     and d.kind = 'phone' and d.revoked is null), 0)";

fn condition(wanted: &Wanted, db: &Connection, directory: &Directory, now: Millis) -> Result<Condition, StoreError> {
    let mut condition = Condition::new(directory.tenant.as_str());
    condition.reach(&wanted.reach);
    match wanted.states {
        States::Open => condition.and("o.is_open = 1", []),
        States::All => {}
        States::One(state) => condition.and("o.state = ?", [Value::Text(state.name().into())]),
        States::Overdue => condition.and("o.is_open = 1 and o.urgent_at < ?", [Value::Integer(now.0)]),
        States::Undelivered => condition.and(UNDELIVERED, []),
        States::FinishedToday => {
            condition.and("o.finished_at >= ?", [Value::Integer(midnight(directory, now).0)]);
        }
    }
    if let Some(engineer) = &wanted.engineer {
        condition.and("o.engineer = ?", [Value::Text(engineer.to_string())]);
    }
    if wanted.flagged {
        condition.and("exists (select 1 from order_flag f where f.tenant = o.tenant and f.page = o.page)", []);
    }
    if !wanted.search.is_empty() {
        search(&mut condition, db, directory, &wanted.search)?;
    }
    Ok(condition)
}

pub fn midnight(directory: &Directory, now: Millis) -> Millis {
    now.plus(-directory.policy.zone.time_of_day_ms(now))
}

/// The texts between which everything lies that begins with this one.
fn prefix(text: &str) -> (String, String) {
    (text.to_owned(), format!("{text}\u{10ffff}"))
}

/// Customers or units known by a term that begins so.
pub fn codes_like(
    db: &Connection,
    directory: &Directory,
    kind: &str,
    typed: &str,
    most: usize,
) -> Result<Vec<String>, StoreError> {
    let text = searched(typed);
    let number = digits(typed);
    let terms = if number.len() >= 4 && number.len() * 2 > text.len() { vec![text, number] } else { vec![text] };
    let mut codes: Vec<String> = Vec::new();
    for term in terms.iter().filter(|term| !term.is_empty()) {
        let (from, to) = prefix(term);
        let sql = "select distinct code from search_term where tenant = $1 and term >= $2 and term < $3 and kind = $4 \
                   limit $5";
        let found = all(db, sql, params![directory.tenant.as_str(), from, to, kind, most as i64], |row| {
            row.get::<_, String>(0)
        })?;
        codes.extend(found.into_iter().filter(|code| !codes.contains(code)).collect::<Vec<_>>());
    }
    codes.truncate(most);
    Ok(codes)
}

/// By number, customer, telephone or serial.
fn search(condition: &mut Condition, db: &Connection, directory: &Directory, typed: &str) -> Result<(), StoreError> {
    const MOST: usize = 200;
    let customers = codes_like(db, directory, "c", typed, MOST)?;
    let units = codes_like(db, directory, "a", typed, MOST)?;
    let marks = |n: usize| vec!["?"; n].join(", ");
    let mut sql = String::from("((o.number >= ? and o.number < ?) or (o.number >= ? and o.number < ?)");
    let (from, to) = prefix(typed.trim());
    let (upper, upper_to) = prefix(&typed.trim().to_uppercase());
    let mut values: Vec<Value> = [from, to, upper, upper_to].into_iter().map(Value::Text).collect();
    for (column, codes) in [("customer", customers), ("asset", units)] {
        if !codes.is_empty() {
            sql.push_str(&format!(" or o.{column} in ({})", marks(codes.len())));
            values.extend(codes.into_iter().map(Value::Text));
        }
    }
    sql.push(')');
    condition.and(&sql, values);
    Ok(())
}

pub fn count(db: &Connection, directory: &Directory, wanted: &Wanted, now: Millis) -> Result<u32, StoreError> {
    let condition = condition(wanted, db, directory, now)?;
    let sql = format!("select count(*) from (select 1 from order_row o where {} limit 10000)", condition.sql);
    one(db, &sql, params_from_iter(condition.values), |row| row.get(0))
}

/// The rows of one page, and where the next begins.
#[allow(clippy::type_complexity)]
pub fn read(
    db: &Connection,
    directory: &Directory,
    wanted: &Wanted,
    almanac: &Almanac<'_>,
) -> Result<(Vec<OrderRow>, Option<(i64, PageId)>), StoreError> {
    let mut condition = condition(wanted, db, directory, almanac.now)?;
    let (column, order) = if wanted.newest_first {
        ("o.opened_at", "o.opened_at desc, o.page desc")
    } else {
        ("o.urgent_at", "o.urgent_at, o.page")
    };
    if let Some((key, page)) = &wanted.after {
        let than = if wanted.newest_first { "<" } else { ">" };
        let values = [Value::Integer(*key), Value::Blob(page.0.to_vec())];
        condition.and(&format!("({column}, o.page) {than} (?, ?)"), values);
    }
    condition.values.push(Value::Integer(wanted.most as i64 + 1));
    let sql = format!(
        "select o.page, {column}, o.facts, coalesce(c.name, o.customer), coalesce(a.model, o.asset, ''), \
         o.dispatch_seq, o.dispatched_at from order_row o \
         left join customer_row c on c.tenant = o.tenant and c.customer = o.customer \
         left join asset_row a on a.tenant = o.tenant and a.asset = o.asset \
         where {} order by {order} limit ${}",
        condition.sql,
        condition.values.len()
    );
    let mut found = all(db, &sql, params_from_iter(condition.values), |row| {
        Ok(Found {
            page: PageId(row.get(0)?),
            key: row.get(1)?,
            facts: row.get(2)?,
            customer: row.get(3)?,
            unit: row.get(4)?,
            dispatch: row.get::<_, Option<u64>>(5)?.zip(row.get::<_, Option<i64>>(6)?.map(Millis)),
        })
    })?;
    let has_more = found.len() > wanted.most;
    found.truncate(wanted.most);
    let next = found.last().filter(|_| has_more).map(|last| (last.key, last.page));
    let rows = found.into_iter().map(|found| row(db, directory, found, almanac)).collect::<Result<_, _>>()?;
    Ok((rows, next))
}

struct Found {
    page: PageId,
    key: i64,
    facts: String,
    customer: String,
    unit: String,
    dispatch: Option<(u64, Millis)>,
}

fn row(db: &Connection, directory: &Directory, found: Found, almanac: &Almanac<'_>) -> Result<OrderRow, StoreError> {
    let facts: OrderFacts = serde_json::from_str(&found.facts).map_err(StoreError::damaged)?;
    let w = almanac.w;
    let phone = phone_cell(db, directory, &facts, found.dispatch, almanac)?;
    let is_agreed = facts.state == State::Replied && facts.appointment.is_some();
    Ok(OrderRow {
        id: found.page.to_string(),
        number: facts.number.clone(),
        customer: found.customer,
        unit: found.unit,
        fault: facts.fault.clone(),
        engineer: facts.engineer.as_ref().map(|user| directory.name_of(user)),
        state: if is_agreed { w.agreed() } else { w.order_state(facts.state) },
        is_undispatched: facts.state == State::Open,
        limit: limit_cell(&facts, almanac),
        phone,
        flags: facts.flags.len(),
    })
}

pub fn limit_cell(facts: &OrderFacts, almanac: &Almanac<'_>) -> Option<LimitCell> {
    let limit = facts.limit()?;
    let left = limit.due.since(almanac.now);
    let figure = span(left);
    let whole = limit.due.since(limit.from).max(1);
    Some(LimitCell {
        is_late: left < 0,
        spoken: if left < 0 { almanac.w.late_spoken(&figure) } else { almanac.w.left_spoken(&figure) },
        figure,
        kind: almanac.w.limit_kind(limit.kind),
        share: u32::try_from(left.clamp(0, whole) * 100 / whole).unwrap_or(0),
    })
}

/// Sent isn't delivered: a phone has it once it has shown so.
fn phone_cell(
    db: &Connection,
    directory: &Directory,
    facts: &OrderFacts,
    dispatch: Option<(u64, Millis)>,
    almanac: &Almanac<'_>,
) -> Result<PhoneCell, StoreError> {
    let (Some(engineer), true) = (&facts.engineer, facts.is_open()) else { return Ok(PhoneCell::None) };
    let Some((seq, at)) = dispatch else { return Ok(PhoneCell::Delivered(almanac.w.delivered_plain().into())) };
    let sql = "select device from device where tenant = $1 and person = $2 and kind = 'phone' and revoked is null";
    let phones: Vec<String> = all(db, sql, params![directory.tenant.as_str(), engineer.as_str()], |row| row.get(0))?;
    if phones.is_empty() {
        return Ok(PhoneCell::NoPhone);
    }
    let mut first: Option<i64> = None;
    for phone in phones {
        let sql = "select server from contact where tenant = $1 and device = $2 and held >= $3 \
                   order by held, number limit 1";
        let shown: Option<i64> = probe(db, sql, params![directory.tenant.as_str(), phone, seq], |row| row.get(0))?;
        first = match (first, shown) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    Ok(match first {
        Some(shown) => PhoneCell::Delivered(almanac.w.delivered(almanac.brief(Millis(shown)))),
        None if facts.state == State::Assigned => {
            PhoneCell::Undelivered(almanac.w.undelivered_for(about(almanac.w, almanac.now.since(at))))
        }
        // It has been worked on since: somebody holds it, whatever the cursor says.
        None => PhoneCell::Delivered(almanac.w.delivered_plain().into()),
    })
}

/// A place in a list, as the address has it.
pub fn spell_cursor((key, page): &(i64, PageId)) -> String {
    format!("{key}.{page}")
}

pub fn parse_cursor(text: &str) -> Option<(i64, PageId)> {
    let (key, page) = text.split_once('.')?;
    Some((key.parse().ok()?, PageId::parse(page).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_list_reads_back_and_nonsense_is_none() {
        let place = (i64::MAX, PageId([7; 16]));
        assert_eq!(parse_cursor(&spell_cursor(&place)), Some(place));
        for bad in ["", "1", "x.y", "1.00000000", "1.2.3"] {
            assert_eq!(parse_cursor(bad), None);
        }
    }

    #[test]
    fn conditions_number_their_values_in_order() {
        let mut condition = Condition::new("acme");
        condition.and("a = ? and b in (?, ?)", ["x", "y", "z"].map(|text| Value::Text(text.into())));
        condition.and("c = 1", []);
        assert_eq!(condition.sql, "o.tenant = $1 and a = $2 and b in ($3, $4) and c = 1");
        assert_eq!(condition.values.len(), 4);
    }
}
