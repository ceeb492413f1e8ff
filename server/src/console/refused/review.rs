//! The review: what a replaced phone or a leaver handed in, or a rescue file brought. Step by step, with what would be
//! said to each now; headquarters takes it into the log or declines it, once.

use super::super::audit::{self, Act};
use super::super::form::Form;
use super::super::page::{Frame, Nav, attached, on_to, render_as};
use super::super::show::{Almanac, grouped};
use super::super::upload::Uploaded;
use super::super::visit::{Filed, Visitor};
use super::super::words::Words;
use super::said::{self, Line};
use crate::http::{Gateway, Problem};
use crate::life::rescue::RescueFault;
use crate::relay::{Denied, Review, ReviewHead, ReviewId, ReviewState, ReviewStep, Source, Word};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use outpost_model::problem::Code;
use outpost_model::rescue::MAX_RESCUE;
use outpost_model::wire::Verdict;
use std::sync::Arc;

/// Steps that a page shows; the frame has them all.
const MOST: usize = 500;
/// What a form adds to its file.
const FORM: usize = 16 * 1024;

/// One of them in the list.
pub struct HeadLine {
    pub path: String,
    pub who: String,
    pub device: String,
    pub came: &'static str,
    pub at: String,
    pub state: String,
    pub is_open: bool,
}

impl HeadLine {
    pub fn of(visitor: &Visitor, head: &ReviewHead, almanac: &Almanac<'_>) -> Self {
        Self {
            path: format!("/review/{}", head.id),
            who: visitor.directory.name_of(&head.user),
            device: head.device.to_string(),
            came: came(visitor.w, head.source),
            at: almanac.moment(head.received),
            state: state(visitor, &head.state, almanac),
            is_open: head.state == ReviewState::Open,
        }
    }
}

fn came(w: Words, source: Source) -> &'static str {
    match source {
        Source::Phone => w.review_by_phone(),
        Source::File => w.review_by_file(),
    }
}

fn state(visitor: &Visitor, state: &ReviewState, almanac: &Almanac<'_>) -> String {
    let (w, name) = (visitor.w, |user| visitor.directory.name_of(user));
    match state {
        ReviewState::Open => w.review_open().to_owned(),
        ReviewState::Accepted { by, at } => w.review_accepted_by(name(by), almanac.moment(*at)),
        ReviewState::Rejected { by, at, .. } => w.review_declined_by(name(by), almanac.moment(*at)),
    }
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/review/{id}", get(show).post(decide))
        .route("/review/{id}/bytes", get(bytes))
        .route("/rescue", get(blank).post(import).layer(DefaultBodyLimit::max(MAX_RESCUE + FORM)))
}

/// Who decides about what was handed in.
fn check(visitor: &Visitor) -> Result<(), Problem> {
    Nav::Refused.check(visitor)?;
    if visitor.sight.administers() { Ok(()) } else { Err(Problem::of(Code::NotFound)) }
}

struct Step {
    no: u32,
    kind: &'static str,
    look: &'static str,
    icon: &'static str,
    verdict: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "review.html")]
struct Page {
    f: Frame,
    form: Form,
    path: String,
    state: String,
    is_open: bool,
    reason: Option<String>,
    facts: Vec<(&'static str, String)>,
    count: String,
    would: String,
    steps: Vec<Step>,
    more: usize,
}

async fn show(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    check(&visitor)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor, &id, Form::default(), StatusCode::OK)).await
}

fn read_id(text: &str) -> Result<ReviewId, Problem> {
    ReviewId::parse(text).map_err(|_| Problem::of(Code::NotFound))
}

fn draw(gateway: &Gateway, visitor: &Visitor, id: &str, form: Form, status: StatusCode) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
    let (review, bytes) = gateway.relay().review(&visitor.user, read_id(id)?)?;
    let who = directory.name_of(&review.user);
    let facts = vec![
        (w.who(), who.clone()),
        (w.phone_column(), review.device.to_string()),
        (w.review_came(), came(w, review.source).to_owned()),
        (w.refused_received(), almanac.exact(review.received)),
        (w.review_size(), w.bytes_count(grouped(bytes.len() as u64))),
    ];
    let taken = review.steps.iter().filter(|step| is_taken(step)).count();
    let is_open = review.state == ReviewState::Open;
    let (n, rest) = (review.steps.len(), review.steps.len() - taken);
    Ok(render_as(
        status,
        &Page {
            path: format!("/review/{id}"),
            state: state(visitor, &review.state, &almanac),
            is_open,
            reason: match &review.state {
                ReviewState::Rejected { reason, .. } => Some(reason.clone()),
                ReviewState::Open | ReviewState::Accepted { .. } => None,
            },
            count: w.review_steps(n),
            would: if is_open { w.review_would(taken, rest) } else { String::new() },
            steps: steps(&review, visitor, &almanac),
            more: n.saturating_sub(MOST),
            facts,
            form,
            f: Frame::of(visitor, Some(Nav::Refused), w.review_title(who)),
        },
    ))
}

fn is_taken(step: &ReviewStep) -> bool {
    matches!(step.verdict, Some(Verdict::Admitted(_) | Verdict::AlreadyHad(_) | Verdict::AlreadySo(_)))
}

fn steps(review: &Review, visitor: &Visitor, almanac: &Almanac<'_>) -> Vec<Step> {
    let w = visitor.w;
    let steps = review.steps.iter().take(MOST).map(|step| {
        let (look, icon, verdict) = match &step.verdict {
            None => ("slate bare", "clock", w.none().to_owned()),
            Some(Verdict::Admitted(_)) => ("green bare", "circle-check", w.verdict_admitted().to_owned()),
            Some(Verdict::AlreadyHad(_) | Verdict::AlreadySo(_)) => {
                ("slate bare", "circle-check", w.verdict_had().to_owned())
            }
            Some(Verdict::Refused(refused)) => ("red solid", "ban", w.code(&refused.code.0)),
            Some(Verdict::Deferred(..) | Verdict::Needs(_)) => {
                ("amber outlined", "clock-pause", w.verdict_needs().to_owned())
            }
        };
        Step {
            no: step.no,
            kind: step.header.as_ref().map_or(w.kind_decision(), |header| w.kind(header.kind())),
            look,
            icon,
            verdict,
            lines: said::lines(&step.says, &visitor.directory, almanac),
        }
    });
    steps.collect()
}

async fn decide(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(id): Path<String>,
    filed: Filed,
) -> Result<Response, Problem> {
    check(&filed.visitor)?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let (w, mut form) = (visitor.w, Form::with(fields));
            let accept = form.chose("answer", "accept");
            let reason = form.optional(w, "reason", 500);
            if !accept && reason.is_empty() {
                form.blame("reason", w.give_reason());
            }
            if !form.is_sound() {
                return draw(gateway, &visitor, &id, form, StatusCode::UNPROCESSABLE_ENTITY);
            }
            let (word, done) = if accept { (Word::Accept, "accepted") } else { (Word::Reject { reason }, "declined") };
            match gateway.relay().decide_review(&visitor.user, read_id(&id)?, word) {
                Ok(review) => {
                    let detail = format!("{} {} {}", review.state.name(), review.user, review.device);
                    audit::note(gateway, &visitor.user, Act::Review, detail);
                    Ok(on_to(&format!("/review/{id}"), done))
                }
                Err(Denied { code: Code::Superseded, by: Some((by, at)), .. }) => {
                    let almanac = Almanac { w, zone: &visitor.directory.policy.zone, now: visitor.now };
                    form.trouble = Some(w.decided_already(visitor.directory.name_of(&by), almanac.moment(at)));
                    draw(gateway, &visitor, &id, form, StatusCode::CONFLICT)
                }
                Err(denied) => Err(denied.into()),
            }
        })
        .await
}

/// The frame as it came, for whoever looks closer.
async fn bytes(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    check(&visitor)?;
    gateway
        .blocking(move |gateway| {
            let (review, bytes) = gateway.relay().review(&visitor.user, read_id(&id)?)?;
            let name = format!("handed-in-{}-{}.cbor", review.device, &review.id.to_string()[..12]);
            audit::note(gateway, &visitor.user, Act::Export, &name[..]);
            Ok(attached(&name, bytes))
        })
        .await
}

#[derive(Template)]
#[template(path = "rescue.html")]
struct RescuePage {
    f: Frame,
    form: Form,
    came: Option<Came>,
}

/// What a file held.
struct Came {
    summary: String,
    is_its_own: bool,
    missing: Vec<String>,
    reviews: Vec<(String, String)>,
}

async fn blank(visitor: Visitor) -> Result<Response, Problem> {
    check(&visitor)?;
    Ok(draw_rescue(&visitor, Form::default(), None, StatusCode::OK))
}

fn draw_rescue(visitor: &Visitor, form: Form, came: Option<Came>, status: StatusCode) -> Response {
    let f = Frame::of(visitor, Some(Nav::Refused), visitor.w.rescue_title());
    render_as(status, &RescuePage { f, form, came })
}

async fn import(Shared(gateway): Shared<Arc<Gateway>>, uploaded: Uploaded) -> Result<Response, Problem> {
    check(&uploaded.visitor)?;
    gateway
        .blocking(move |gateway| {
            let Uploaded { visitor, file } = uploaded;
            let (w, mut form) = (visitor.w, Form::default());
            if file.is_empty() {
                form.blame("file", w.rescue_choose());
                return Ok(draw_rescue(&visitor, form, None, StatusCode::UNPROCESSABLE_ENTITY));
            }
            let (opened, imported) = match gateway.take_rescue(&file) {
                Ok(taken) => taken,
                Err(RescueFault::Strokes(fault)) => {
                    tracing::error!(%fault, "the strokes of a rescue file couldn't be kept");
                    return Err(Problem::of(Code::StorageTrouble));
                }
                Err(fault) => {
                    let code = fault.code();
                    form.blame("file", w.rescue_refused(w.of(code.zh(), code.en()), code.name()));
                    return Ok(draw_rescue(&visitor, form, None, StatusCode::UNPROCESSABLE_ENTITY));
                }
            };
            let rescue = &opened.rescue;
            audit::note(gateway, &visitor.user, Act::Review, format!("rescue {} {}", rescue.user, rescue.device));
            let reviews = imported.reviews.iter().map(|review| {
                let word = if review.new { w.rescue_new() } else { w.rescue_known() };
                (format!("/review/{}", review.id), word.to_owned())
            });
            let came = Came {
                summary: w.rescue_held(
                    visitor.directory.name_of(&rescue.user),
                    &rescue.device,
                    rescue.steps.len(),
                    imported.strokes,
                    imported.photos,
                ),
                is_its_own: imported.is_its_own,
                missing: rescue.missing.clone(),
                reviews: reviews.collect(),
            };
            Ok(draw_rescue(&visitor, form, Some(came), StatusCode::OK))
        })
        .await
}
