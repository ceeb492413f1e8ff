//! `POST /v1/commands`: what a signed-in person does: a decision, entries on a page, or both in one act.

use super::body::Json;
use super::caller::PersonCaller;
use super::gateway::Gateway;
use super::problem::Problem;
use crate::relay::{ConsoleAct, Decided};
use axum::extract::State;
use outpost_model::envelope::Envelope;
use outpost_model::id::{CommandId, EntryId, Hash};
use serde::Serialize;
use std::sync::Arc;

/// What came of it, as tools and forms read it.
#[derive(Serialize)]
pub(super) struct ActAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<DecidedAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<Written>,
    /// Ids of the entries, in the order of the request.
    entries: Vec<EntryId>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum DecidedAnswer {
    /// Where it stands in the log.
    Taken(Place),
    /// The same was decided before, by this command.
    AlreadySo(CommandId),
}

#[derive(Serialize)]
struct Written {
    hash: Hash,
    #[serde(flatten)]
    place: Place,
}

#[derive(Serialize)]
struct Place {
    seq: Option<u64>,
    received: Option<i64>,
}

impl From<&Envelope> for Place {
    fn from(envelope: &Envelope) -> Self {
        let admitted = envelope.admitted;
        Self { seq: admitted.map(|admitted| admitted.seq), received: admitted.map(|admitted| admitted.received.0) }
    }
}

pub(super) async fn act(
    State(gateway): State<Arc<Gateway>>,
    person: PersonCaller,
    Json(act): Json<ConsoleAct>,
) -> Result<axum::Json<ActAnswer>, Problem> {
    let reply = gateway.blocking(move |gateway| Ok(gateway.relay.act(&person.user, act)?)).await?;
    Ok(axum::Json(ActAnswer {
        decided: reply.decided.map(|decided| match decided {
            Decided::Taken(envelope) => DecidedAnswer::Taken((&envelope).into()),
            Decided::AlreadySo(command) => DecidedAnswer::AlreadySo(command),
        }),
        written: reply.written.map(|(hash, envelope)| Written { hash, place: (&envelope).into() }),
        entries: reply.entries,
    }))
}
