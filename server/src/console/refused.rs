//! What phones sent and couldn't be admitted: the code in words, whose it is, what to do; the bytes as they came. And
//! work of phones that can't sync any more, which waits for headquarters' word (`review`).
//!
//! That something of a station's people was refused, whoever sees their time sees. What it says may be about anything,
//! so its content and bytes are for those alone who may see phones.

mod review;
mod said;

use super::audit::{self, Act};
use super::page::{Frame, Nav, attached, render};
use super::show::{Almanac, grouped};
use super::visit::Visitor;
use super::words::Words;
use crate::http::{Gateway, Problem};
use crate::relay::Said;
use crate::store::{StoreError, all, probe};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use axum::routing::get;
use outpost_model::id::{DeviceId, Hash, UserId};
use outpost_model::problem::Code;
use outpost_model::record::Role;
use outpost_model::time::Millis;
use review::HeadLine;
use rusqlite::params;
use said::Line;
use std::sync::Arc;

/// Rows that are looked through for a page, and rows of a page.
const READ: usize = 2_000;
const PAGE: usize = 50;

/// A refusal as it was kept.
struct Kept {
    device: String,
    person: String,
    hash: [u8; 32],
    code: String,
    detail: String,
    bytes: u64,
    received: Millis,
}

struct Row {
    at: String,
    who: String,
    place: String,
    device: String,
    sentence: String,
    code: String,
    what_to_do: &'static str,
    path: Option<String>,
}

#[derive(Template)]
#[template(path = "refused.html")]
struct Page {
    f: Frame,
    rows: Vec<Row>,
    reviews: Vec<HeadLine>,
    may_review: bool,
    next: Option<String>,
    is_first: bool,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/refused", get(page))
        .route("/refused/{device}/{hash}", get(one))
        .route("/refused/{device}/{hash}/bytes", get(bytes))
        .merge(review::routes())
}

async fn page(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Refused.check(&visitor)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor)).await
}

const COLUMNS: &str = "select r.device, d.person, r.hash, r.code, r.detail, length(r.raw), r.received from refused r \
                       join device d on d.tenant = r.tenant and d.device = r.device";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        device: row.get(0)?,
        person: row.get(1)?,
        hash: row.get(2)?,
        code: row.get(3)?,
        detail: row.get(4)?,
        bytes: row.get(5)?,
        received: Millis(row.get(6)?),
    })
}

fn draw(gateway: &Gateway, visitor: &Visitor) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
    let before: i64 = visitor.asked("before").parse().unwrap_or(i64::MAX);
    let found: Vec<Kept> = gateway.relay().store().read(|db| {
        let sql = format!(
            "{COLUMNS} where r.tenant = $1 and d.kind = 'phone' and r.received < $2 order by r.received desc limit $3"
        );
        all(db, &sql, params![directory.tenant.as_str(), before, READ as i64], read)
    })?;
    let mut found: Vec<Kept> = found.into_iter().filter(|kept| is_in_sight(visitor, &kept.person)).collect();
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| has_more).map(|last| format!("/refused?before={}", last.received.0));
    let reviews = match visitor.sight.administers() {
        true => gateway.relay().review_heads(&visitor.user)?,
        false => Vec::new(),
    };
    Ok(render(&Page {
        rows: found.iter().map(|kept| row(visitor, kept, &almanac)).collect(),
        reviews: reviews.iter().map(|head| HeadLine::of(visitor, head, &almanac)).collect(),
        may_review: visitor.sight.administers(),
        next,
        is_first: before == i64::MAX,
        f: Frame::of(visitor, Some(Nav::Refused), w.refused()),
    }))
}

fn is_in_sight(visitor: &Visitor, person: &str) -> bool {
    let person = UserId::parse(person).ok().and_then(|person| visitor.directory.people.get(&person));
    visitor.sight.people().holds(person.and_then(|person| person.station.as_ref()))
}

fn row(visitor: &Visitor, kept: &Kept, almanac: &Almanac<'_>) -> Row {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let person = UserId::parse(&kept.person).ok();
    let station = person.as_ref().and_then(|person| directory.people.get(person)?.station.clone());
    Row {
        at: almanac.moment(kept.received),
        who: person.map_or_else(|| kept.person.clone(), |person| directory.name_of(&person)),
        place: directory.station_name(station.as_ref()).unwrap_or_default(),
        device: if visitor.sight.sees_devices() { kept.device.clone() } else { String::new() },
        sentence: w.code(&kept.code),
        code: kept.code.clone(),
        what_to_do: what_to_do(w, &kept.code),
        path: visitor.sight.sees_devices().then(|| address(kept)),
    }
}

fn address(kept: &Kept) -> String {
    format!("/refused/{}/{}", kept.device, Hash(kept.hash))
}

/// Whom to call, and what for. Some the phone mends itself.
fn what_to_do(w: Words, code: &str) -> &'static str {
    match Code::parse(code) {
        Some(Code::ChecksumWrong | Code::ActorTaken | Code::SawUnknown | Code::NeedsRefused | Code::BadChange) => {
            w.refused_mends_itself()
        }
        Some(Code::NotAssigned | Code::OrderUnknown) => w.refused_dispatch(),
        Some(Code::NotAllowed | Code::SelfOpenForbidden | Code::WrongAuthor | Code::NotAuthor) => w.refused_lead_does(),
        Some(Code::Superseded | Code::OrderExists | Code::BeforeLife) => w.refused_look(),
        Some(Code::UnknownField | Code::FormUnknown | Code::MalformedFrame | Code::VersionUnknown) => {
            w.refused_update()
        }
        _ => w.refused_call(),
    }
}

#[derive(Template)]
#[template(path = "refused_one.html")]
struct OnePage {
    f: Frame,
    sentence: String,
    code: String,
    number: Option<u16>,
    what_to_do: &'static str,
    facts: Vec<(&'static str, String)>,
    lines: Vec<Line>,
    bytes_at: String,
    bytes: String,
    calls: Option<String>,
}

type Ids = Path<(String, String)>;

/// The refusal of that name, for who may read what it says.
fn find(gateway: &Gateway, visitor: &Visitor, (device, hash): &(String, String)) -> Result<(Kept, Vec<u8>), Problem> {
    Nav::Refused.check(visitor)?;
    let none = || Problem::of(Code::NotFound);
    if !visitor.sight.sees_devices() {
        return Err(none());
    }
    let (device, hash) = (DeviceId::parse(device).map_err(|_| none())?, Hash::parse(hash).map_err(|_| none())?);
    let tenant = visitor.directory.tenant.as_str();
    let found = gateway.relay().store().read(|db| {
        let sql = format!("{COLUMNS} where r.tenant = $1 and r.device = $2 and r.hash = $3");
        let Some(kept) = probe(db, &sql, params![tenant, device.as_str(), hash.0], read)? else { return Ok(None) };
        let sql = "select raw from refused where tenant = $1 and device = $2 and hash = $3";
        let raw: Option<Vec<u8>> = probe(db, sql, params![tenant, device.as_str(), hash.0], |row| row.get(0))?;
        Ok::<_, StoreError>(raw.map(|raw| (kept, raw)))
    })?;
    found.ok_or_else(none)
}

async fn one(Shared(gateway): Shared<Arc<Gateway>>, Path(ids): Ids, visitor: Visitor) -> Result<Response, Problem> {
    gateway
        .blocking(move |gateway| {
            let (kept, raw) = find(gateway, &visitor, &ids)?;
            let (w, directory) = (visitor.w, &*visitor.directory);
            let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
            let drawn = row(&visitor, &kept, &almanac);
            let mut facts = vec![
                (w.who(), drawn.who.clone()),
                (w.phone_column(), kept.device.clone()),
                (w.refused_received(), almanac.exact(kept.received)),
            ];
            if !drawn.place.is_empty() {
                facts.insert(1, (w.station(), drawn.place.clone()));
            }
            if !kept.detail.is_empty() {
                facts.push((w.audit_detail(), kept.detail.clone()));
            }
            let person = UserId::parse(&kept.person).ok().and_then(|person| directory.people.get(&person));
            let leads = directory.people.values().filter(|lead| {
                lead.active
                    && lead.role == Role::Lead
                    && lead.station.is_some()
                    && lead.station == person.and_then(|person| person.station.clone())
            });
            let leads: Vec<&str> = leads.map(|lead| lead.name.as_str()).collect();
            Ok(render(&OnePage {
                sentence: drawn.sentence,
                number: Code::parse(&kept.code).map(Code::number),
                code: kept.code.clone(),
                what_to_do: drawn.what_to_do,
                facts,
                lines: said::lines(&Said::of_refused(&raw), directory, &almanac),
                bytes_at: format!("{}/bytes", address(&kept)),
                bytes: w.bytes_count(grouped(kept.bytes)),
                calls: (!leads.is_empty()).then(|| w.refused_calls(leads.join(w.of("、", ", ")))),
                f: Frame::of(&visitor, Some(Nav::Refused), w.refused_title(&drawn.who)),
            }))
        })
        .await
}

async fn bytes(Shared(gateway): Shared<Arc<Gateway>>, Path(ids): Ids, visitor: Visitor) -> Result<Response, Problem> {
    gateway
        .blocking(move |gateway| {
            let (kept, raw) = find(gateway, &visitor, &ids)?;
            let name = format!("refused-{}-{}.bin", kept.device, &Hash(kept.hash).to_string()[..12]);
            audit::note(gateway, &visitor.user, Act::Export, &name[..]);
            Ok(attached(&name, raw))
        })
        .await
}
