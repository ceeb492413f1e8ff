//! What waits for whoever looks, each with its buttons: on Today the whole of it, on Approvals what wants a yes or no.

use super::act::{fresh_id, last_decision};
use super::matter::Matter;
use super::rows;
use super::show::Almanac;
use super::sight::Reach;
use super::tell;
use super::visit::Visitor;
use super::words::Words;
use crate::store::{StoreError, all, one};
use outpost_model::access::Action;
use outpost_model::fold::order::{OrderFacts, Wait};
use outpost_model::fold::record::RecordFacts;
use outpost_model::header::Kind;
use outpost_model::id::{EntryId, PageId, UserId};
use outpost_model::time::{Day, Millis};
use rusqlite::{Connection, params};

/// Something that waits, with its buttons.
pub struct Task {
    pub matter: Matter,
    pub title: String,
    pub note: String,
    pub is_late: bool,
    pub button: TaskButton,
}

pub enum TaskButton {
    /// The one thing to do now.
    Next {
        path: String,
        word: &'static str,
    },
    Go {
        path: String,
        word: &'static str,
    },
    Leave {
        post_to: String,
        return_at: String,
        after: String,
        id: String,
        back_to: String,
    },
    Inspect {
        order: String,
        receipt: String,
        after: String,
        pass_id: String,
        fail_id: String,
    },
}

/// What waits for this person of these matters: orders by urgency, then leave and forms, the oldest first.
pub fn tasks(db: &Connection, visitor: &Visitor, reach: &Reach, matters: &[Matter]) -> Result<Vec<Task>, StoreError> {
    let mut tasks = orders(db, visitor, reach, matters)?;
    if matters.contains(&Matter::Leave) {
        tasks.extend(leaves(db, visitor, reach)?);
    }
    if matters.contains(&Matter::Form) {
        tasks.extend(forms(db, visitor, reach)?);
    }
    Ok(tasks)
}

struct Waiting {
    facts: OrderFacts,
    customer: String,
    waits: i64,
    page: PageId,
}

/// Calls that wait for one of these things, of one station or of all.
fn waiting(db: &Connection, tenant: &str, station: Option<&str>, bits: i64) -> Result<Vec<Waiting>, StoreError> {
    let sql = "select o.facts, coalesce(c.name, o.customer), o.waits, o.page from order_row o \
               left join customer_row c on c.tenant = o.tenant and c.customer = o.customer \
               where o.tenant = $1 and o.waits > 0 and o.waits & $2 <> 0 and ($3 is null or o.station = $3) \
               order by o.urgent_at, o.page limit 200";
    let found = all(db, sql, params![tenant, bits, station], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?, PageId(row.get(3)?)))
    })?;
    let read = |(facts, customer, waits, page): (String, _, _, _)| {
        Ok(Waiting { facts: serde_json::from_str(&facts).map_err(StoreError::damaged)?, customer, waits, page })
    };
    found.into_iter().map(read).collect()
}

fn orders(db: &Connection, visitor: &Visitor, reach: &Reach, matters: &[Matter]) -> Result<Vec<Task>, StoreError> {
    let tenant = visitor.directory.tenant.as_str();
    let wanted: Vec<(Matter, Wait, Action)> =
        matters.iter().filter_map(|matter| matter.of_order().map(|(wait, action)| (*matter, wait, action))).collect();
    let bits = Wait::bits(&wanted.iter().map(|(_, wait, _)| *wait).collect());
    let found = match reach {
        Reach::All => waiting(db, tenant, None, bits)?,
        Reach::These(stations) => {
            let mut found = Vec::new();
            for station in stations {
                found.extend(waiting(db, tenant, Some(station.as_str()), bits)?);
            }
            found
        }
    };
    let mut tasks: Vec<Task> = Vec::new();
    let mut has_next = false;
    for order in found {
        let waits = Wait::of_bits(order.waits);
        for (matter, wait, needed) in &wanted {
            if waits.contains(wait) && visitor.sight.may_this(*needed, &order.facts) {
                tasks.extend(order_tasks(db, visitor, *matter, &order, &mut has_next)?);
            }
        }
        if tasks.len() > 100 {
            break;
        }
    }
    Ok(tasks)
}

fn order_tasks(
    db: &Connection,
    visitor: &Visitor,
    matter: Matter,
    order: &Waiting,
    has_next: &mut bool,
) -> Result<Vec<Task>, StoreError> {
    let (w, almanac, directory) = (visitor.w, visitor.almanac(), &*visitor.directory);
    let Waiting { facts, customer, page, .. } = order;
    let path = |tail: &str| format!("/orders/{page}{tail}");
    let go = |path, word| TaskButton::Go { path, word };
    let limit = rows::limit_cell(facts, &almanac);
    let clock =
        limit.as_ref().map(|limit| format!("{}{}{}", limit.kind, w.of("", " "), limit.spoken)).unwrap_or_default();
    let is_late = limit.as_ref().is_some_and(|limit| limit.is_late);
    let join = |a: &str, b: &str| if a.is_empty() || b.is_empty() { format!("{a}{b}") } else { format!("{a} · {b}") };
    let task = |title, note, is_late, button| Task { matter, title, note, is_late, button };
    Ok(match matter {
        Matter::Dispatch => {
            // Yellow is the next step: one on a page.
            let (path, word) = (path("/dispatch"), w.dispatch());
            let is_next = !std::mem::replace(has_next, true);
            let button = if is_next { TaskButton::Next { path, word } } else { go(path, word) };
            vec![task(w.wait_dispatch(customer), join(&facts.fault, &clock), is_late, button)]
        }
        Matter::HandBack => {
            let note = join(facts.handed_back.as_deref().unwrap_or_default(), &clock);
            vec![task(w.wait_hand_back(customer), note, is_late, go(path("/dispatch"), w.transfer()))]
        }
        Matter::Settle => {
            let conflicts = facts.fields.iter().filter(|(_, values)| values.len() > 1);
            let settle = |(name, values): (&String, &Vec<String>)| {
                let note = join(&facts.number, &values.join(w.of(" 和 ", " / ")));
                let title = w.wait_conflict(tell::field_name(w, Kind::Order, name));
                task(title, note, false, go(path("#conflicts"), w.wait_settle()))
            };
            conflicts.map(settle).collect()
        }
        Matter::Inspect => {
            let after = spell(last_decision(db, directory, *page)?);
            let waiting = facts.goods.iter().filter(|goods| {
                goods.bench_minutes > 0 && goods.inspected != Some(true) && goods.returned_at.is_none()
            });
            let who = facts.engineer.as_ref().map_or_else(String::new, |user| directory.name_of(user));
            let inspect = |goods: &outpost_model::fold::order::GoodsFacts| {
                let button = TaskButton::Inspect {
                    order: page.to_string(),
                    receipt: goods.receipt_no.clone(),
                    after: after.clone(),
                    pass_id: fresh_id(visitor.now),
                    fail_id: fresh_id(visitor.now),
                };
                let note = w.wait_inspect_about(&goods.receipt_no, &who, goods.bench_minutes);
                task(w.wait_inspect(&goods.item, &goods.serial), note, false, button)
            };
            waiting.map(inspect).collect()
        }
        Matter::Cash => {
            vec![task(w.wait_cash(customer), facts.number.clone(), false, go("/cash".into(), w.cash()))]
        }
        Matter::FollowUp => {
            let Some(due) = facts.follow_up_due.filter(|due| *due <= visitor.now) else { return Ok(Vec::new()) };
            let fixed = facts.replied_at.map(|at| almanac.moment(at)).unwrap_or_default();
            vec![task(
                w.wait_follow_up(customer),
                w.wait_follow_up_about(fixed),
                visitor.now.since(due) > Millis::hours(24),
                go(path("#follow-up"), w.follow_up()),
            )]
        }
        Matter::Leave | Matter::Form => Vec::new(),
    })
}

fn spell(after: Option<outpost_model::id::CommandId>) -> String {
    after.map_or_else(|| "none".to_owned(), |id| id.to_string())
}

/// `10-20 一天`, `10-20 – 10-22`.
pub fn days_of_leave(w: Words, almanac: &Almanac<'_>, from: Day, to: Day) -> String {
    if from == to {
        format!("{} {}", almanac.plain_day(from), w.one_day())
    } else {
        format!("{} – {}", almanac.plain_day(from), almanac.plain_day(to))
    }
}

fn leaves(db: &Connection, visitor: &Visitor, reach: &Reach) -> Result<Vec<Task>, StoreError> {
    let (w, directory, almanac) = (visitor.w, &*visitor.directory, visitor.almanac());
    let tenant = directory.tenant.as_str();
    let sql = "select entry, page, person, kind, day_from, day_to, reason, asked_at from leave_row \
               where tenant = $1 and approved is null order by asked_at limit 1000";
    let found = all(db, sql, params![tenant], |row| {
        let text = |place: usize| row.get::<_, String>(place);
        let ids = (EntryId(row.get(0)?), PageId(row.get(1)?), text(2)?);
        Ok((ids, text(3)?, text(4)?, text(5)?, text(6)?, Millis(row.get(7)?)))
    })?;
    let mut tasks = Vec::new();
    for ((entry, page, person), kind, from, to, reason, asked) in found {
        let (Ok(user), Ok(from), Ok(to)) = (UserId::parse(&person), Day::parse(&from), Day::parse(&to)) else {
            continue;
        };
        let station = directory.station_of(&user);
        if !reach.holds(station) || !visitor.sight.may_time(Action::DecideLeave, &user, station) {
            continue;
        }
        let sql = "select count(*) from order_row where tenant = $1 and engineer = $2 and is_open = 1";
        let orders: u32 = one(db, sql, params![tenant, user.as_str()], |row| row.get(0))?;
        let back: String = form_urlencoded::byte_serialize(visitor.address.as_bytes()).collect();
        let mut note = vec![tell::leave_kind(w, &kind), reason];
        note.push(w.asked_at(almanac.moment(asked)));
        note.extend((orders > 0).then(|| w.wait_leave_orders(orders)));
        tasks.push(Task {
            matter: Matter::Leave,
            title: w.wait_leave(directory.name_of(&user), days_of_leave(w, &almanac, from, to)),
            note: note.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "),
            is_late: from < almanac.zone.day(visitor.now),
            button: TaskButton::Leave {
                post_to: format!("/leave/{page}/{entry}"),
                return_at: format!("/leave/{page}/{entry}?to={back}"),
                after: spell(last_decision(db, directory, page)?),
                id: fresh_id(visitor.now),
                back_to: visitor.address.clone(),
            },
        });
    }
    Ok(tasks)
}

/// Forms that were sent and wait for this person's word.
fn forms(db: &Connection, visitor: &Visitor, reach: &Reach) -> Result<Vec<Task>, StoreError> {
    let (w, directory, almanac) = (visitor.w, &*visitor.directory, visitor.almanac());
    let sql = "select facts, waits from record where tenant = $1 and waits is not null order by submitted_at limit 200";
    let found = all(db, sql, params![directory.tenant.as_str()], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut tasks = Vec::new();
    for (facts, waits) in found {
        let facts: RecordFacts = serde_json::from_str(&facts).map_err(StoreError::damaged)?;
        let station = directory.station_of(&facts.person);
        if !reach.holds(station) || !visitor.sight.may_rule(&waits, &facts.person, station) {
            continue;
        }
        let sent = facts.last_sent();
        let mut note = vec![sent.map(|sent| w.sent_at(almanac.moment(sent.at))).unwrap_or_default()];
        note.extend(sent.filter(|sent| sent.revision > 1).map(|sent| w.revision(sent.revision)));
        note.extend(facts.changed.then(|| w.form_changed().to_owned()));
        tasks.push(Task {
            matter: Matter::Form,
            title: format!("{} · {}", directory.name_of(&facts.person), super::filled::name_of(db, visitor, &facts)?),
            note: note.join(" · "),
            is_late: false,
            button: TaskButton::Go { path: format!("/forms/{}", facts.page), word: w.look_and_decide() },
        });
    }
    Ok(tasks)
}
