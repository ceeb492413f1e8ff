//! The inbox of flags: what each says, about which order, form or day, since when, and what makes it go away. A flag is
//! worked out, so nobody ticks it off: the act that settles the matter clears it.

use super::orders::Choice;
use super::page::{Frame, Nav, render};
use super::sight::Reach;
use super::tell;
use super::visit::Visitor;
use super::words::Words;
use crate::http::{Gateway, Problem};
use crate::store::{StoreError, all};
use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::response::Response;
use axum::routing::get;
use outpost_model::access::Action;
use outpost_model::fold::flag::FlagKind;
use outpost_model::fold::record::RecordFacts;
use outpost_model::header::Kind;
use outpost_model::id::{PageId, StationId, UserId};
use outpost_model::time::{Day, Millis};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use std::sync::Arc;

const PAGE: usize = 50;
/// Flags of people's own time and forms, beside those of orders: the latest.
const BESIDE: i64 = 50;
/// So far back days in doubt are named: what is older was signed off.
const DAYS: i64 = 62;

pub struct Chip {
    pub look: &'static str,
    pub icon: &'static str,
    pub word: &'static str,
}

/// How a flag looks wherever it is shown.
pub fn chip(w: Words, kind: FlagKind) -> Chip {
    let (look, icon) = match kind {
        FlagKind::Conflict => ("purple solid", "arrows-split-2"),
        FlagKind::AmendedAfterSignature => ("purple outlined", "pencil-exclamation"),
        FlagKind::TimeSuspect => ("amber outlined", "clock-question"),
        FlagKind::BeforeAssignment
        | FlagKind::CashForbidden
        | FlagKind::ClosedUnsigned
        | FlagKind::FormerAssignee
        | FlagKind::LateForm
        | FlagKind::SelfOpened
        | FlagKind::Unassigned => ("amber outlined", "flag"),
    };
    Chip { look, icon, word: w.flag(kind) }
}

struct Line {
    chip: Chip,
    since: String,
    what: String,
    note: &'static str,
    title: String,
    sub: String,
    path: String,
    who: String,
    act: Option<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "flags.html")]
struct Page {
    f: Frame,
    kinds: Vec<Choice>,
    stations: Vec<Choice>,
    everything: bool,
    is_filtered: bool,
    lines: Vec<Line>,
    beside: Vec<Line>,
    total: u32,
    next: Option<String>,
    is_first: bool,
    first: String,
}

/// What the address asks for.
struct Wanted {
    reach: Reach,
    kind: Option<FlagKind>,
    /// Filed and cancelled orders too, the latest first.
    everything: bool,
    after: Option<Cursor>,
}

type Cursor = (i64, PageId, String, String);

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/flags", get(show))
}

async fn show(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Flags.check(&visitor)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor)).await
}

fn draw(gateway: &Gateway, visitor: &Visitor) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let chosen = StationId::parse(visitor.asked("at")).ok();
    let wanted = Wanted {
        reach: visitor.sight.orders().at(chosen.as_ref()),
        kind: FlagKind::ALL.into_iter().find(|kind| kind.name() == visitor.asked("kind")),
        everything: visitor.asked("all") == "1",
        after: parse_cursor(visitor.asked("after")),
    };
    let people = visitor.sight.people().at(chosen.as_ref());
    let (lines, next, counts, beside) = gateway.relay().store().read(|db| {
        let (lines, next) = orders(db, visitor, &wanted)?;
        let beside = if wanted.after.is_none() { beside(db, visitor, &people, wanted.kind)? } else { Vec::new() };
        Ok((lines, next, counts(db, visitor, &wanted)?, beside))
    })?;
    let address = |kind: &str, after: Option<&Cursor>| {
        let mut address = form_urlencoded::Serializer::new(String::from("/flags?"));
        let after = after.map(spell_cursor).unwrap_or_default();
        let all = if wanted.everything { "1" } else { "" };
        for (name, value) in [("kind", kind), ("at", visitor.asked("at")), ("all", all), ("after", &after)] {
            if !value.is_empty() {
                address.append_pair(name, value);
            }
        }
        address.finish()
    };
    let kind = wanted.kind.map_or("", FlagKind::name);
    let stations = directory.stations.values().filter(|one| visitor.sight.orders().holds(Some(&one.station)));
    let stations: Vec<Choice> = stations
        .map(|one| Choice {
            value: one.station.to_string(),
            word: one.name.clone(),
            is_chosen: chosen.as_ref() == Some(&one.station),
        })
        .collect();
    let count_of = |kind: FlagKind| counts.iter().find(|(name, _)| name == kind.name()).map_or(0, |(_, n)| *n);
    let kinds = FlagKind::ALL.into_iter().filter(|one| count_of(*one) > 0 || wanted.kind == Some(*one));
    let kinds = kinds.map(|one| Choice {
        value: one.name().to_owned(),
        word: format!("{} {}", w.flag(one), count_of(one)),
        is_chosen: wanted.kind == Some(one),
    });
    Ok(render(&Page {
        kinds: kinds.collect(),
        total: counts.iter().map(|(_, n)| n).sum(),
        stations: if stations.len() > 1 { stations } else { Vec::new() },
        is_filtered: wanted.kind.is_some() || chosen.is_some(),
        next: next.map(|next| address(kind, Some(&next))),
        is_first: wanted.after.is_none(),
        first: address(kind, None),
        everything: wanted.everything,
        lines,
        beside,
        f: Frame::of(visitor, Some(Nav::Flags), w.flags()),
    }))
}

/// Conditions on flags of orders in sight, with the values they ask for; `$1` is the tenant.
fn condition(visitor: &Visitor, wanted: &Wanted, with_kind: bool) -> (String, Vec<Value>) {
    let mut sql = String::from("f.tenant = $1");
    let mut values = vec![Value::Text(visitor.directory.tenant.to_string())];
    if !wanted.everything {
        // Filed orders are done with, but for what filing itself raised.
        sql.push_str(" and (o.is_open = 1 or f.kind = 'closed_unsigned')");
    }
    if let Reach::These(stations) = &wanted.reach {
        let marks = stations.iter().enumerate().map(|(n, _)| format!("${}", values.len() + n + 1));
        sql.push_str(&format!(" and o.station in ({})", marks.collect::<Vec<_>>().join(", ")));
        values.extend(stations.iter().map(|station| Value::Text(station.to_string())));
    }
    if let Some(kind) = wanted.kind.filter(|_| with_kind) {
        values.push(Value::Text(kind.name().to_owned()));
        sql.push_str(&format!(" and f.kind = ${}", values.len()));
    }
    (sql, values)
}

const JOIN: &str = "order_flag f join order_row o on o.tenant = f.tenant and o.page = f.page";

fn counts(db: &Connection, visitor: &Visitor, wanted: &Wanted) -> Result<Vec<(String, u32)>, StoreError> {
    let (condition, values) = condition(visitor, wanted, false);
    let sql = format!("select f.kind, count(*) from {JOIN} where {condition} group by f.kind");
    all(db, &sql, params_from_iter(values), |row| Ok((row.get(0)?, row.get(1)?)))
}

struct Found {
    key: Cursor,
    number: String,
    station: Option<String>,
    engineer: Option<String>,
    by: Option<String>,
    customer: String,
}

fn orders(db: &Connection, visitor: &Visitor, wanted: &Wanted) -> Result<(Vec<Line>, Option<Cursor>), StoreError> {
    let (mut condition, mut values) = condition(visitor, wanted, true);
    let (than, order) = if wanted.everything { ("<", " desc") } else { (">", "") };
    if let Some((since, page, kind, detail)) = &wanted.after {
        let at = values.len();
        condition.push_str(&format!(
            " and (f.since, f.page, f.kind, f.detail) {than} (${}, ${}, ${}, ${})",
            at + 1,
            at + 2,
            at + 3,
            at + 4
        ));
        values.push(Value::Integer(*since));
        values.push(Value::Blob(page.0.to_vec()));
        values.extend([kind, detail].map(|text| Value::Text(text.clone())));
    }
    values.push(Value::Integer(PAGE as i64 + 1));
    let sql = format!(
        "select f.since, f.page, f.kind, f.detail, o.number, o.station, o.engineer, f.person, \
         coalesce(c.name, o.customer) from {JOIN} \
         left join customer_row c on c.tenant = o.tenant and c.customer = o.customer where {condition} \
         order by f.since{order}, f.page{order}, f.kind{order}, f.detail{order} limit ${}",
        values.len()
    );
    let mut found = all(db, &sql, params_from_iter(values), |row| {
        Ok(Found {
            key: (row.get(0)?, PageId(row.get(1)?), row.get(2)?, row.get(3)?),
            number: row.get(4)?,
            station: row.get(5)?,
            engineer: row.get(6)?,
            by: row.get(7)?,
            customer: row.get(8)?,
        })
    })?;
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| has_more).map(|last| last.key.clone());
    Ok((found.into_iter().filter_map(|found| line(visitor, found)).collect(), next))
}

fn line(visitor: &Visitor, found: Found) -> Option<Line> {
    let (w, almanac) = (visitor.w, visitor.almanac());
    let (since, page, kind, detail) = found.key;
    let kind = FlagKind::ALL.into_iter().find(|known| known.name() == kind)?;
    let name = |user: &Option<String>| {
        let user = UserId::parse(user.as_deref()?).ok()?;
        Some(visitor.directory.name_of(&user))
    };
    let station = found.station.as_deref().and_then(|station| StationId::parse(station).ok());
    let sub = [Some(found.number), name(&found.engineer)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let path = format!("/orders/{page}");
    Some(Line {
        chip: chip(w, kind),
        since: almanac.brief(Millis(since)),
        what: detail_words(w, kind, &detail),
        note: w.flag_do(kind),
        title: found.customer,
        sub,
        who: name(&found.by).unwrap_or_default(),
        act: act(visitor, kind, station.as_ref(), &path),
        path,
    })
}

/// The act that makes the flag go away, for whoever may do it.
fn act(visitor: &Visitor, kind: FlagKind, station: Option<&StationId>, path: &str) -> Option<(String, &'static str)> {
    let w = visitor.w;
    let (needed, tail, word) = match kind {
        FlagKind::Conflict => (Action::SetField, "#conflicts", w.wait_settle()),
        FlagKind::Unassigned | FlagKind::BeforeAssignment => (Action::Dispatch, "/dispatch", w.dispatch()),
        FlagKind::AmendedAfterSignature
        | FlagKind::CashForbidden
        | FlagKind::ClosedUnsigned
        | FlagKind::FormerAssignee
        | FlagKind::LateForm
        | FlagKind::SelfOpened
        | FlagKind::TimeSuspect => return None,
    };
    visitor.sight.may_order(needed, station).then(|| (format!("{path}{tail}"), word))
}

/// What the flag names, in words.
pub fn detail_words(w: Words, kind: FlagKind, detail: &str) -> String {
    match (kind, detail.split_once(": ")) {
        (FlagKind::Conflict, Some((field, values))) => {
            let values = values.split(" | ").collect::<Vec<_>>().join(w.of("　｜　", " | "));
            format!("{}{}{values}", tell::field_name(w, Kind::Order, field), w.of("：", ": "))
        }
        (FlagKind::TimeSuspect, _) => w.deed(detail).unwrap_or(detail).to_owned(),
        _ => detail.to_owned(),
    }
}

/// Forms with a flag, and days in doubt, the latest first.
fn beside(db: &Connection, visitor: &Visitor, people: &Reach, kind: Option<FlagKind>) -> Result<Vec<Line>, StoreError> {
    let is_wanted = |of: FlagKind| kind.is_none_or(|kind| kind == of);
    let mut lines = Vec::new();
    if is_wanted(FlagKind::TimeSuspect) {
        lines.extend(days(db, visitor, people)?);
    }
    if is_wanted(FlagKind::TimeSuspect) || is_wanted(FlagKind::LateForm) {
        lines.extend(forms(db, visitor, people, kind)?);
    }
    Ok(lines)
}

fn days(db: &Connection, visitor: &Visitor, people: &Reach) -> Result<Vec<Line>, StoreError> {
    let (w, almanac, directory) = (visitor.w, visitor.almanac(), &*visitor.directory);
    let from = almanac.zone.day(visitor.now.plus(-Millis::hours(24 * DAYS))).to_string();
    let sql = "select person, day from clocked_day where tenant = $1 and day >= $2 and suspect = 1 \
               order by day desc, person limit 500";
    let found = all(db, sql, params![directory.tenant.as_str(), from], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let seen =
        found.into_iter().filter_map(|(person, day)| Some((UserId::parse(&person).ok()?, Day::parse(&day).ok()?)));
    let seen = seen.filter(|(user, _)| people.holds(directory.station_of(user))).take(BESIDE as usize);
    Ok(seen
        .map(|(user, day)| {
            let path = format!("/attendance/{user}/{day}");
            Line {
                chip: chip(w, FlagKind::TimeSuspect),
                since: almanac.plain_day(day),
                what: w.attendance().to_owned(),
                note: w.day_doubt_do(),
                title: directory.name_of(&user),
                sub: directory.station_name(directory.station_of(&user)).unwrap_or_default(),
                who: directory.name_of(&user),
                act: None,
                path,
            }
        })
        .collect())
}

fn forms(db: &Connection, visitor: &Visitor, people: &Reach, kind: Option<FlagKind>) -> Result<Vec<Line>, StoreError> {
    let (w, almanac, directory) = (visitor.w, visitor.almanac(), &*visitor.directory);
    let sql = "select facts from record where tenant = $1 and flags <> '' order by submitted_at desc limit $2";
    let texts: Vec<String> = all(db, sql, params![directory.tenant.as_str(), 4 * BESIDE], |row| row.get(0))?;
    let mut lines = Vec::new();
    for text in texts {
        let facts: RecordFacts = serde_json::from_str(&text).map_err(StoreError::damaged)?;
        let station = directory.station_of(&facts.person);
        if !people.holds(station) || !visitor.sight.may_form(Action::Read, &facts.person, station) {
            continue;
        }
        for flag in facts.flags.iter().filter(|flag| kind.is_none_or(|kind| kind == flag.kind)) {
            lines.push(Line {
                chip: chip(w, flag.kind),
                since: flag.since.map(|at| almanac.brief(at)).unwrap_or_default(),
                what: super::filled::name_of(db, visitor, &facts)?,
                note: w.flag_do(flag.kind),
                title: directory.name_of(&facts.person),
                sub: directory.station_name(station).unwrap_or_default(),
                path: format!("/forms/{}", facts.page),
                who: directory.name_of(&facts.person),
                act: None,
            });
        }
    }
    lines.truncate(BESIDE as usize);
    Ok(lines)
}

fn spell_cursor((since, page, kind, detail): &Cursor) -> String {
    format!("{since}.{page}.{kind}.{detail}")
}

fn parse_cursor(text: &str) -> Option<Cursor> {
    let mut parts = text.splitn(4, '.');
    let (since, page) = (parts.next()?.parse().ok()?, PageId::parse(parts.next()?).ok()?);
    Some((since, page, parts.next()?.to_owned(), parts.next()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::words::Lang;
    use super::*;

    #[test]
    fn a_place_in_the_list_reads_back_whatever_the_detail_holds() {
        let place = (7, PageId([3; 16]), "conflict".to_owned(), "remark: a.b | c".to_owned());
        assert_eq!(parse_cursor(&spell_cursor(&place)), Some(place));
        assert_eq!(parse_cursor("7.x.conflict"), None);
    }

    #[test]
    fn a_flag_says_in_words_what_it_names() {
        let w = Words(Lang::En);
        assert_eq!(detail_words(w, FlagKind::TimeSuspect, "arrive"), "Arrived");
        let conflict = detail_words(w, FlagKind::Conflict, "remark: x | y");
        assert!(conflict.ends_with(": x | y") && !conflict.starts_with("remark"), "{conflict}");
    }
}
