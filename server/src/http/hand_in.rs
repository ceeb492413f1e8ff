//! `POST /v1/hand-in`: a phone whose access has ended sends, once, what it had captured. And the review that it lands
//! in, for headquarters: `GET /v1/reviews`, `GET` and `POST /v1/reviews/{id}`.

use super::body::{self, Json};
use super::caller::PersonCaller;
use super::encoding::Encoding;
use super::gateway::Gateway;
use super::problem::Problem;
use crate::auth::{nonce, token};
use crate::relay::{HandedIn, Review, ReviewId, ReviewState, ReviewStep, Said, Source, Word};
use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use outpost_model::problem::Code;
use outpost_model::wire::{MAX_HAND_IN, SealedHandIn, Verdict, parse_frame};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// What the frame may be with its proof around it.
pub(super) const MAX_BODY: usize = MAX_HAND_IN + 4 * 1024;

#[derive(Serialize)]
pub(super) struct Answer {
    id: String,
    /// False where the same had come before.
    new: bool,
}

pub(super) async fn hand_in(
    State(gateway): State<Arc<Gateway>>,
    request: Request,
) -> Result<axum::Json<Answer>, Problem> {
    let came = Encoding::of_body(request.headers())?;
    let bytes = body::read(request, &()).await?;
    let handed = gateway
        .blocking(move |gateway| {
            let unpacked = came.unpack(&bytes, MAX_BODY)?;
            let sealed: SealedHandIn =
                parse_frame(&unpacked).map_err(|error| Problem::new(Code::MalformedFrame, error.to_string()))?;
            take(gateway, sealed)
        })
        .await?;
    Ok(axum::Json(Answer { id: handed.id.to_string(), new: handed.new }))
}

fn take(gateway: &Gateway, sealed: SealedHandIn) -> Result<HandedIn, Problem> {
    let SealedHandIn { tenant, device, nonce, signature, frame } = sealed;
    gateway.tenant(&tenant)?;
    let now = gateway.now();
    let expires = nonce::check(&gateway.nonce_key, &tenant, &device, &nonce, now)?;
    let row = gateway.relay.device(&device)?.ok_or(Problem::of(Code::DeviceUnknown))?;
    let text = SealedHandIn::signed_text(&tenant, &device, &nonce, &frame);
    token::is_proved(row.public_key.ok_or(Problem::of(Code::DeviceUnknown))?, &text, signature)?;
    let (of, id) = (tenant, device.clone());
    gateway.relay.store().write(move |tx| Ok(nonce::spend(tx, &of, &id, &nonce, expires, now)))??;
    Ok(gateway.relay.hand_in(&device, frame.into(), Source::Phone)?)
}

pub(super) async fn list(
    State(gateway): State<Arc<Gateway>>,
    person: PersonCaller,
) -> Result<axum::Json<Vec<Value>>, Problem> {
    let reviews = gateway.blocking(move |gateway| Ok(gateway.relay.reviews(&person.user)?)).await?;
    Ok(axum::Json(reviews.iter().map(shown).collect()))
}

/// The frame as it came, byte for byte.
pub(super) async fn raw(
    State(gateway): State<Arc<Gateway>>,
    person: PersonCaller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = read_id(&id)?;
    let (_, bytes) = gateway.blocking(move |gateway| Ok(gateway.relay.review(&person.user, id)?)).await?;
    Ok(([(header::CONTENT_TYPE, "application/cbor")], bytes).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Spelled {
    Accept,
    Reject,
}

#[derive(Deserialize)]
pub(super) struct Decision {
    decide: Spelled,
    #[serde(default)]
    reason: String,
}

pub(super) async fn decide(
    State(gateway): State<Arc<Gateway>>,
    person: PersonCaller,
    Path(id): Path<String>,
    Json(decision): Json<Decision>,
) -> Result<axum::Json<Value>, Problem> {
    let id = read_id(&id)?;
    let word = match decision.decide {
        Spelled::Accept => Word::Accept,
        Spelled::Reject => Word::Reject { reason: decision.reason.chars().take(1_000).collect() },
    };
    let review = gateway.blocking(move |gateway| Ok(gateway.relay.decide_review(&person.user, id, word)?)).await?;
    Ok(axum::Json(shown(&review)))
}

fn read_id(text: &str) -> Result<ReviewId, Problem> {
    ReviewId::parse(text).map_err(|_| Problem::of(Code::NotFound))
}

fn shown(review: &Review) -> Value {
    let mut shown = json!({
        "id": review.id.to_string(),
        "device": review.device,
        "user": review.user,
        "source": review.source.name(),
        "received": review.received.0,
        "state": review.state.name(),
        "steps": review.steps.iter().map(shown_step).collect::<Vec<_>>(),
    });
    match &review.state {
        ReviewState::Open => {}
        ReviewState::Accepted { by, at } => {
            shown["by"] = json!(by);
            shown["at"] = json!(at.0);
        }
        ReviewState::Rejected { by, at, reason } => {
            shown["by"] = json!(by);
            shown["at"] = json!(at.0);
            shown["reason"] = json!(reason);
        }
    }
    shown
}

fn shown_step(step: &ReviewStep) -> Value {
    let mut shown = json!({ "no": step.no });
    if let Some(header) = &step.header {
        shown["header"] = json!(header);
    }
    match &step.says {
        Said::Entries(entries) => shown["entries"] = json!(entries),
        Said::Asks(ask) => shown["ask"] = json!(ask),
        Said::Unreadable => shown["unreadable"] = json!(true),
    }
    match &step.verdict {
        None => {}
        Some(Verdict::Admitted(_)) => shown["verdict"] = json!("admitted"),
        Some(Verdict::AlreadyHad(_)) => shown["verdict"] = json!("already_had"),
        Some(Verdict::AlreadySo(_)) => shown["verdict"] = json!("already_so"),
        Some(Verdict::Refused(refused)) => {
            shown["verdict"] = json!("refused");
            shown["code"] = json!(refused.code.0);
            shown["detail"] = json!(refused.detail);
        }
        Some(Verdict::Deferred(code, _)) => {
            shown["verdict"] = json!("deferred");
            shown["code"] = json!(code.0);
        }
        Some(Verdict::Needs(hashes)) => {
            shown["verdict"] = json!("needs");
            shown["detail"] = json!(hashes);
        }
    }
    shown
}
