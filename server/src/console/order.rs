//! An order's whole story: every entry and decision with who, when it is claimed and what the server attests; what the
//! customer signed and what came after; conflicts with every value; goods; and what may be done now.

mod axis;
mod deed;
mod map;

use super::act::{Shown, fresh_id};
use super::dispatch::last_decision;
use super::form::Form;
use super::page::{Frame, Nav, render_as};
use super::show::{Almanac, about, money};
use super::tell;
use super::visit::Visitor;
use crate::blob::Found;
use crate::http::{Gateway, Problem};
use crate::relay::{Leaf, OrderStory, Sheaf};
use crate::store::probe;
use askama::Template;
use axis::Axis;
use axum::Router;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use map::Map;
use outpost_model::access::Action;
use outpost_model::command::Ask;
use outpost_model::decision::Decision;
use outpost_model::entry::Body;
use outpost_model::fold::flag::FlagKind;
use outpost_model::fold::order::State;
use outpost_model::header::Kind;
use outpost_model::id::{Hash, PageId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use rusqlite::params;
use std::sync::Arc;

/// One row of the story.
struct Row {
    clock: String,
    full: String,
    /// The axis cell, drawn; and the same in words.
    drawing: String,
    spoken: String,
    what: String,
    by: String,
    chips: Vec<Chip>,
    is_gone: bool,
    is_strong: bool,
}

struct Chip {
    look: &'static str,
    icon: &'static str,
    word: &'static str,
}

struct Conflict {
    field: &'static str,
    title: String,
    values: Vec<ConflictValue>,
    can: bool,
}

struct ConflictValue {
    value: String,
    about: String,
    id: String,
}

struct Signed {
    nth: String,
    lines: Vec<(&'static str, String)>,
    name: String,
    about: String,
    strokes: String,
    typed: Option<String>,
    counter: String,
    print: String,
    later: Vec<(String, String)>,
    unsigned: Option<String>,
}

struct Good {
    receipt: String,
    item: String,
    lines: Vec<String>,
    chip: Chip,
    can_inspect: bool,
    can_void: bool,
    pass_id: String,
    fail_id: String,
}

struct Detail {
    name: &'static str,
    word: String,
    value: String,
}

struct Photo {
    blob: Option<String>,
    caption: String,
}

/// What may be done now.
#[derive(Default)]
struct May {
    dispatch: Option<&'static str>,
    fresh: bool,
    helper: bool,
    rebook: bool,
    cancel: bool,
    file: bool,
    reopen: bool,
    same: bool,
    follow_up: bool,
    edit: bool,
}

#[derive(Template)]
#[template(path = "order.html")]
struct Page {
    f: Frame,
    order: String,
    number: String,
    customer: String,
    about: String,
    state: &'static str,
    flags: Vec<(Chip, &'static str)>,
    summary: String,
    same: Option<(String, String)>,
    axis_head: String,
    rows: Vec<Row>,
    photos: Vec<Photo>,
    map: Option<String>,
    map_text: Vec<String>,
    conflicts: Vec<Conflict>,
    signed: Vec<Signed>,
    goods: Vec<Good>,
    details: Vec<Detail>,
    helpers: Vec<(String, String)>,
    may: May,
    form: Form,
    shown: Shown,
    id: String,
    is_unsigned: bool,
}

impl Page {
    /// Whether a form came back: it stays open.
    fn is_open(&self, deed: &str) -> bool {
        self.form.get("do") == deed
    }
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/orders/{id}", get(show))
        .route("/orders/{id}/do", post(deed::take))
        .route("/orders/{id}/inspect", post(deed::inspect))
}

async fn show(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let page = PageId::parse(&id).map_err(|_| Problem::of(Code::NotFound))?;
    gateway.blocking(move |gateway| draw(gateway, &visitor, page, Form::default(), StatusCode::OK)).await
}

/// The story, if this person may read it.
fn story_for(gateway: &Gateway, visitor: &Visitor, page: PageId) -> Result<OrderStory, Problem> {
    Nav::Orders.check(visitor)?;
    let story = gateway.relay().order_story(page)?.ok_or(Problem::of(Code::NotFound))?;
    // In the same words as where there is none: who may not read an order doesn't learn that it exists.
    if visitor.sight.may_this(Action::Read, &story.facts) { Ok(story) } else { Err(Problem::of(Code::NotFound)) }
}

fn chip_of(kind: FlagKind, word: &'static str) -> Chip {
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
    Chip { look, icon, word }
}

fn draw(
    gateway: &Gateway,
    visitor: &Visitor,
    page: PageId,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let story = story_for(gateway, visitor, page)?;
    let facts = &story.facts;
    let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
    let tenant = directory.tenant.as_str();
    let (customer, unit, site, after, same) = gateway.relay().store().read(|db| {
        let sql = "select name, lat_e7, lng_e7 from customer_row where tenant = $1 and customer = $2";
        let customer = probe(db, sql, params![tenant, facts.customer.as_str()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, Option<i64>>(2)?))
        })?;
        let sql = "select model, serial from asset_row where tenant = $1 and asset = $2";
        let asset = facts.asset.as_ref().map(|asset| asset.to_string()).unwrap_or_default();
        let unit = probe(db, sql, params![tenant, asset], |row| {
            Ok(format!("{} {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let same = match facts.same_as {
            Some(same) => {
                let sql = "select number from service_call where tenant = $1 and page = $2";
                probe(db, sql, params![tenant, same.0], |row| row.get::<_, String>(0))?.map(|number| (same, number))
            }
            None => None,
        };
        let site = customer.as_ref().and_then(|(_, lat, lng)| lat.zip(*lng));
        Ok((customer.map(|(name, ..)| name), unit.unwrap_or_default(), site, last_decision(db, directory, page)?, same))
    })?;
    let moments = moments(&story);
    let axis = Axis::over(&moments, &almanac);
    let may = may(visitor, &story);
    let signed = signed(gateway, visitor, &story, &almanac)?;
    let map = Map::of(&story, site, directory, &almanac);
    let title_customer = customer.unwrap_or_else(|| facts.customer.to_string());
    let about = [unit.as_str(), w.service(facts.service_type)].into_iter().filter(|text| !text.trim().is_empty());
    let flags = facts.flags.iter().map(|flag| (chip_of(flag.kind, w.flag(flag.kind)), w.flag_do(flag.kind)));
    let mut flags: Vec<(Chip, &'static str)> = flags.collect();
    flags.dedup_by(|a, b| a.0.word == b.0.word);
    let is_agreed = facts.state == State::Replied && facts.appointment.is_some();
    Ok(render_as(
        status,
        &Page {
            order: page.to_string(),
            number: facts.number.clone(),
            about: about.collect::<Vec<_>>().join(" · "),
            state: if is_agreed { w.agreed() } else { w.order_state(facts.state) },
            flags,
            summary: summary(&story, &almanac, directory),
            same: same.map(|(page, number)| (page.to_string(), w.same_shown(number))),
            axis_head: axis.head(),
            rows: rows(&story, &axis, &almanac, directory),
            photos: photos(gateway, visitor, &story)?,
            map_text: map.as_ref().map(Map::words).unwrap_or_default(),
            map: map.map(|map| map.draw(&almanac)),
            conflicts: conflicts(visitor, &story, &almanac),
            signed,
            goods: goods(visitor, &story, &almanac),
            details: details(visitor, &story),
            helpers: facts.helpers.iter().map(|user| (user.to_string(), directory.name_of(user))).collect(),
            may,
            shown: Shown { after, heads: story.order.heads.clone() },
            id: fresh_id(visitor.now),
            is_unsigned: facts.visits > 0 && facts.survey_score.is_none(),
            form,
            f: Frame::of(visitor, Some(Nav::Orders), format!("{} {title_customer}", facts.number)),
            customer: title_customer,
        },
    ))
}

fn may(visitor: &Visitor, story: &OrderStory) -> May {
    let (facts, sight, w) = (&story.facts, &visitor.sight, visitor.w);
    let can = |action| sight.may_this(action, facts);
    let is_open = facts.is_open();
    let dispatch = if facts.engineer.is_some() { w.transfer() } else { w.dispatch() };
    May {
        dispatch: (is_open && can(Action::Dispatch)).then_some(dispatch),
        fresh: facts.engineer.is_none(),
        helper: is_open && facts.engineer.is_some() && can(Action::Dispatch),
        rebook: is_open && can(Action::Rebook),
        cancel: is_open && can(Action::File),
        file: is_open && can(Action::File),
        reopen: !is_open && can(Action::File),
        same: can(Action::File),
        follow_up: is_open && facts.follow_up_due.is_some() && can(Action::FollowUp),
        edit: is_open && can(Action::SetField),
    }
}

/// Every claimed and attested moment, for the axis.
fn moments(story: &OrderStory) -> Vec<Millis> {
    let leaves = std::iter::once(&story.order).chain(&story.visits).flat_map(|sheaf| &sheaf.leaves);
    let logged = leaves
        .flat_map(|leaf| [Some(leaf.at), leaf.attested.earliest.filter(|_| !leaf.at_console), leaf.attested.latest]);
    let decided = decisions(story).map(|decision| Some(decision.at()));
    logged.chain(decided).flatten().collect()
}

fn decisions(story: &OrderStory) -> impl Iterator<Item = &Decision> {
    std::iter::once(&story.order).chain(&story.visits).flat_map(|sheaf| &sheaf.decisions)
}

/// A claim, drawn into what is attested: rows go by this, so that a doubtful time doesn't move its row.
fn settled(at: Millis, earliest: Option<Millis>, latest: Option<Millis>) -> Millis {
    let at = earliest.map_or(at, |earliest| at.max(earliest));
    latest.map_or(at, |latest| at.min(latest))
}

fn rows(story: &OrderStory, axis: &Axis, almanac: &Almanac<'_>, directory: &super::directory::Directory) -> Vec<Row> {
    let w = almanac.w;
    let conflicted: Vec<&str> =
        story.order.fields.iter().filter(|(_, values)| values.len() > 1).map(|(name, _)| name.as_str()).collect();
    let mut rows: Vec<((Millis, u64), Row)> = Vec::new();
    for leaf in std::iter::once(&story.order).chain(&story.visits).flat_map(|sheaf| &sheaf.leaves) {
        let (earliest, latest) = (leaf.attested.earliest, leaf.attested.latest);
        let (drawing, spoken) = if leaf.at_console {
            let at = leaf.received.unwrap_or(leaf.at);
            (axis.square(at), w.axis_spoken_server(almanac.moment(at)))
        } else {
            (axis.span(leaf.at, earliest, latest, leaf.suspect), spoken(almanac, leaf))
        };
        let mut chips = Vec::new();
        if leaf.suspect {
            chips.push(chip_of(FlagKind::TimeSuspect, w.flag(FlagKind::TimeSuspect)));
        }
        if matches!(&leaf.body, Body::Set { field, .. } if conflicted.contains(&field.as_str())) && leaf.stands {
            chips.push(chip_of(FlagKind::Conflict, w.flag(FlagKind::Conflict)));
        }
        if leaf.signed == Some(false) && leaf.stands {
            chips.push(chip_of(FlagKind::AmendedAfterSignature, w.flag(FlagKind::AmendedAfterSignature)));
        }
        let row = Row {
            clock: axis.clock(leaf.at, almanac),
            full: almanac.exact(leaf.at),
            drawing,
            spoken,
            what: tell::tell(almanac, &leaf.body),
            by: directory.name_of(&leaf.by),
            chips,
            is_gone: !leaf.stands,
            is_strong: matches!(leaf.body, Body::Sign(_)),
        };
        rows.push(((settled(leaf.at, earliest, latest), leaf.seq), row));
    }
    for decision in decisions(story) {
        let at = decision.at();
        let attested = decision.envelope.attested();
        let is_console = decision.envelope.device.as_str().starts_with("console.");
        let is_suspect = decision.envelope.is_suspect(&decision.command.evidence);
        let drawing =
            if is_console { axis.square(at) } else { axis.span(at, attested.earliest, attested.latest, is_suspect) };
        let row = Row {
            clock: axis.clock(at, almanac),
            full: almanac.exact(at),
            drawing,
            spoken: w.axis_spoken_server(almanac.moment(at)),
            what: tell::tell_ask(almanac, directory, decision.ask()),
            by: directory.name_of(decision.by()),
            chips: Vec::new(),
            is_gone: false,
            is_strong: false,
        };
        let seq = decision.envelope.admitted.map_or(u64::MAX, |admitted| admitted.seq);
        rows.push(((settled(at, attested.earliest, attested.latest), seq), row));
    }
    rows.sort_by_key(|(key, _)| *key);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn spoken(almanac: &Almanac<'_>, leaf: &Leaf) -> String {
    let claimed = almanac.moment(leaf.at);
    let latest = leaf.attested.latest.map(|at| almanac.moment(at)).unwrap_or_default();
    match leaf.attested.earliest {
        Some(earliest) => almanac.w.axis_spoken(claimed, almanac.moment(earliest), latest),
        None => almanac.w.axis_open(claimed, latest),
    }
}

fn summary(story: &OrderStory, almanac: &Almanac<'_>, directory: &super::directory::Directory) -> String {
    let (facts, w) = (&story.facts, almanac.w);
    let given = story.order.decisions.iter().rev().find(|one| matches!(one.ask(), Ask::Assign { .. }));
    let mut parts = Vec::new();
    if let Some(engineer) = &facts.engineer {
        parts.push(directory.name_of(engineer));
    }
    parts.extend(given.map(|one| w.summary_dispatched(almanac.moment(one.at()))));
    parts.extend(facts.arrived_at.map(|at| w.summary_arrived(almanac.moment(at), almanac.moment(facts.arrival_due))));
    if facts.labour_minutes > 0 {
        parts.push(w.summary_labour(facts.labour_minutes));
    }
    if facts.parts_amount > 0 {
        parts.push(w.summary_parts(money(facts.parts_amount)));
    }
    if facts.first_time_fix {
        parts.push(w.summary_first_fix().to_owned());
    }
    parts.join(" · ")
}

fn conflicts(visitor: &Visitor, story: &OrderStory, almanac: &Almanac<'_>) -> Vec<Conflict> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let can = visitor.sight.may_this(Action::SetField, &story.facts);
    let fields = story.order.fields.iter().filter(|(_, values)| values.len() > 1);
    fields
        .filter_map(|(name, values)| {
            let field = outpost_model::field::find(Kind::Order, name)?;
            let values = values.iter().enumerate().map(|(place, one)| {
                let who = one.by.as_ref().map(|user| directory.name_of(user)).unwrap_or_default();
                let at = one.at.map(|at| almanac.moment(at)).unwrap_or_default();
                let knew = if place > 0 { format!(" · {}", w.conflict_unknowing()) } else { String::new() };
                ConflictValue {
                    value: one.value.clone(),
                    about: format!("{who} {at}{knew}"),
                    id: fresh_id(visitor.now),
                }
            });
            Some(Conflict {
                field: field.name,
                title: w.conflict_title(w.of(field.zh, field.en)),
                values: values.collect(),
                can,
            })
        })
        .collect()
}

fn signed(
    gateway: &Gateway,
    visitor: &Visitor,
    story: &OrderStory,
    almanac: &Almanac<'_>,
) -> Result<Vec<Signed>, Problem> {
    let w = visitor.w;
    let mut panels = Vec::new();
    for (place, (facts, sheaf)) in pairs(story).into_iter().enumerate() {
        let sign = sheaf.leaves.iter().rev().find_map(|leaf| match &leaf.body {
            Body::Sign(sign) if leaf.stands => Some((leaf, sign)),
            _ => None,
        });
        if sign.is_none() && facts.arrived_at.is_none() {
            continue;
        }
        let mut lines = Vec::new();
        let is_covered = |leaf: &&Leaf| leaf.stands && leaf.signed != Some(false);
        let shown: Vec<&Leaf> = sheaf.leaves.iter().filter(is_covered).collect();
        if let Some(arrived) = facts.arrived_at {
            let text = match facts.left_at {
                Some(left) => w.visit_span(almanac.moment(arrived), almanac.clock(left)),
                None => w.visit_arrived(almanac.moment(arrived)),
            };
            lines.push((w.visit(), text));
        }
        if let Some(cause) = story.facts.fields.get("fault_cause").and_then(|values| values.first()) {
            lines.push((w.cause(), cause.clone()));
        }
        for leaf in &shown {
            match &leaf.body {
                Body::UsePart { name, qty, .. } => lines.push((w.parts(), format!("{name} × {qty}"))),
                Body::Charge { item, amount, .. } => lines.push((w.charge(), format!("{item} {}", money(*amount)))),
                Body::TakeBack { item, serial, .. } => lines.push((w.goods_taken(), format!("{item} {serial}"))),
                Body::Leave { result } => lines.push((w.result(), w.visit_result(*result).to_owned())),
                _ => {}
            }
        }
        let mut panel = Signed {
            nth: w.nth_visit(place + 1),
            lines,
            name: String::new(),
            about: String::new(),
            strokes: String::new(),
            typed: None,
            counter: String::new(),
            print: String::new(),
            later: Vec::new(),
            unsigned: None,
        };
        match sign {
            Some((leaf, sign)) => {
                panel.name = sign.name.clone();
                panel.about = format!("{} · {}", almanac.moment(leaf.at), w.score(sign.score));
                panel.strokes = strokes(gateway, visitor, &sign.strokes)?;
                panel.typed = sign.typed.as_ref().map(|why| w.typed_name(why));
                panel.counter = leaf.received.map(|at| w.countersigned(almanac.moment(at))).unwrap_or_default();
                let print = sign.digest.to_string().to_uppercase();
                let covered = sheaf.leaves.iter().filter(|one| one.signed == Some(true)).count();
                panel.print = w.fingerprint(format!("{} {}", &print[..4], &print[4..8]), covered);
                for late in sheaf.leaves.iter().filter(|one| one.signed == Some(false) && one.stands) {
                    let gap = late.at.since(leaf.at);
                    let note = if gap > 0 { w.amended_later(about(w, gap)) } else { w.amended_unseen().to_owned() };
                    let what = format!("+ {} {}", tell::tell(almanac, &late.body), almanac.clock(late.at));
                    panel.later.push((what, note));
                }
            }
            None => {
                let why = facts.unsigned.as_ref().map(|why| w.unsigned_because(why));
                panel.unsigned = Some(why.unwrap_or_else(|| w.nobody_signed().to_owned()));
            }
        }
        panels.push(panel);
    }
    panels.reverse();
    Ok(panels)
}

/// Each visit's facts with its page.
fn pairs(story: &OrderStory) -> Vec<(&outpost_model::fold::visit::VisitFacts, &Sheaf)> {
    let mut pairs: Vec<_> = story
        .facts
        .visit_facts
        .iter()
        .filter_map(|facts| Some((facts, story.visits.iter().find(|sheaf| sheaf.header.page() == facts.page)?)))
        .collect();
    pairs.sort_by_key(|(facts, _)| facts.arrived_at);
    pairs
}

/// The strokes as path data, if they are here and nothing but that.
fn strokes(gateway: &Gateway, visitor: &Visitor, blob: &Hash) -> Result<String, Problem> {
    const MOST: u64 = 256 * 1024;
    let tenant = &visitor.directory.tenant;
    let Ok(Found::Here(file)) = gateway.blobs.find(tenant, blob) else { return Ok(String::new()) };
    if file.size > MOST {
        return Ok(String::new());
    }
    let mut bytes = Vec::new();
    let read = gateway.blobs.read(&file, 0..file.size, &mut |piece: &[u8]| {
        bytes.extend_from_slice(piece);
        true
    });
    if read.is_err() {
        return Ok(String::new());
    }
    let text = String::from_utf8(bytes).unwrap_or_default();
    let is_path = text.chars().all(|c| {
        c.is_ascii_digit() || matches!(c, 'M' | 'L' | 'Q' | 'C' | 'm' | 'l' | 'q' | 'c' | 'z' | ' ' | ',' | '.' | '-')
    });
    Ok(if is_path { text } else { String::new() })
}

fn photos(gateway: &Gateway, visitor: &Visitor, story: &OrderStory) -> Result<Vec<Photo>, Problem> {
    let leaves = story.visits.iter().flat_map(|sheaf| &sheaf.leaves).filter(|leaf| leaf.stands);
    Ok(leaves
        .filter_map(|leaf| match &leaf.body {
            Body::Photo { blob, caption } => {
                let is_here = matches!(gateway.blobs.find(&visitor.directory.tenant, blob), Ok(Found::Here(_)));
                Some(Photo { blob: is_here.then(|| blob.to_string()), caption: caption.clone() })
            }
            _ => None,
        })
        .collect())
}

fn goods(visitor: &Visitor, story: &OrderStory, almanac: &Almanac<'_>) -> Vec<Good> {
    let (w, facts) = (visitor.w, &story.facts);
    let can = |action| visitor.sight.may_this(action, facts);
    let goods = facts.goods.iter().map(|goods| {
        let chip = match (goods.returned_at, goods.inspected) {
            (Some(_), _) => Chip {
                look: "green bare",
                icon: "circle-check",
                word: w.act(&Body::ReturnItem { receipt_no: String::new() }),
            },
            (None, Some(true)) => Chip { look: "green bare", icon: "circle-check", word: w.goods_inspected() },
            (None, Some(false)) => Chip { look: "red solid", icon: "ban", word: w.goods_failed() },
            (None, None) => Chip { look: "blue outlined", icon: "hourglass", word: w.goods_waits() },
        };
        let mut lines = vec![w.goods_taken_at(almanac.moment(goods.taken_at)), w.goods_bench(goods.bench_minutes)];
        lines.extend(goods.returned_at.map(|at| w.goods_returned(almanac.moment(at))));
        if goods.receipt_voided {
            lines.push(w.goods_voided().to_owned());
        }
        Good {
            receipt: goods.receipt_no.clone(),
            item: format!("{} {}", goods.item, goods.serial),
            lines,
            chip,
            can_inspect: goods.returned_at.is_none() && goods.inspected != Some(true) && can(Action::Inspect),
            can_void: goods.returned_at.is_some() && !goods.receipt_voided && can(Action::VoidReceipt),
            pass_id: fresh_id(visitor.now),
            fail_id: fresh_id(visitor.now),
        }
    });
    goods.collect()
}

fn details(visitor: &Visitor, story: &OrderStory) -> Vec<Detail> {
    let w = visitor.w;
    let fields = outpost_model::field::of(Kind::Order).iter().map(|field| {
        let values = story.facts.fields.get(field.name);
        let value = values.and_then(|values| values.first()).cloned().unwrap_or_default();
        Detail { name: field.name, word: w.of(field.zh, field.en).to_owned(), value }
    });
    fields.collect()
}
