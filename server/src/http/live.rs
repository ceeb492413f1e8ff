//! `GET /v1/live`: a stream that says only that there is something new for whoever listens: not what, not where.
//! It ends when the leave to listen ends: token or session run out, device revoked, server about to stop.

use super::caller::{Caller, DeviceCaller, PersonCaller};
use super::gateway::Gateway;
use super::problem::Problem;
use crate::store::all;
use axum::extract::State;
use axum::response::sse::{Event, Sse};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use rusqlite::params;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// After one word of news the next waits so long: a burst of commits is one reason to sync, not fifty.
const BREATH: Duration = Duration::from_millis(200);

pub(super) async fn live(
    State(gateway): State<Arc<Gateway>>,
    caller: Caller,
) -> Result<Sse<ReceiverStream<Result<Event, Infallible>>>, Problem> {
    let of = match &caller {
        Caller::Device(caller) => format!("device {}", caller.device),
        Caller::Person(caller) => format!("person {}", caller.user),
    };
    let busy = || Problem::new(Code::RateLimited, "too many live streams are open").again_after(30_000);
    let place = gateway.streams.enter(of).ok_or_else(busy)?;
    let (events, stream) = mpsc::channel(4);
    tokio::spawn(async move {
        listen(&gateway, caller, &events).await;
        drop(place);
    });
    Ok(Sse::new(ReceiverStream::new(stream)))
}

/// Passes on news until the caller goes, his leave ends, or the server stops.
async fn listen(gateway: &Arc<Gateway>, caller: Caller, events: &mpsc::Sender<Result<Event, Infallible>>) {
    let mut touched = gateway.relay.subscribe();
    let mut closing = gateway.closing();
    let mut heartbeat = tokio::time::interval(gateway.settings.limits.heartbeat);
    let Some(mut scopes) = leave(gateway, &caller).await else { return };
    loop {
        let is_news = tokio::select! {
            _ = events.closed() => return,
            _ = closing.wait_for(|closing| *closing) => return,
            _ = heartbeat.tick() => false,
            word = touched.recv() => match word {
                Ok(word) if word.is_disjoint(&scopes) => continue,
                // Missed some: one of them may have been his.
                Ok(_) | Err(RecvError::Lagged(_)) => true,
                Err(RecvError::Closed) => return,
            },
        };
        // What he may hear of changes with decisions, and his leave may have ended: asked before each word.
        match leave(gateway, &caller).await {
            Some(now) => scopes = now,
            None => return,
        }
        let event = if is_news { Event::default().event("new").data("") } else { Event::default().comment("") };
        if events.send(Ok(event)).await.is_err() {
            return;
        }
        if is_news {
            tokio::time::sleep(BREATH).await;
        }
    }
}

/// The scopes that he may hear of now; none once his leave has ended.
async fn leave(gateway: &Arc<Gateway>, caller: &Caller) -> Option<BTreeSet<String>> {
    let caller = caller.clone();
    gateway.blocking(move |gateway| scopes_of(gateway, caller)).await.ok()
}

fn scopes_of(gateway: &Gateway, caller: Caller) -> Result<BTreeSet<String>, Problem> {
    match caller {
        Caller::Device(DeviceCaller { device, expires, .. }) => {
            check_age(gateway, expires)?;
            let caller = DeviceCaller::look_up(gateway, device, expires)?;
            Ok(gateway.relay.scopes_of(&caller.device)?)
        }
        Caller::Person(PersonCaller { user, secret, expires, .. }) => {
            check_age(gateway, expires)?;
            PersonCaller::look_up_idle(gateway, &secret)?;
            let tenant = gateway.relay.tenant().ok_or(Problem::of(Code::SignInNeeded))?;
            let sql = "select scope from holder where tenant = $1 and person = $2 and until is null";
            let held = gateway.relay.store().read(|store| {
                all(store, sql, params![tenant.as_str(), user.as_str()], |row| row.get::<_, String>(0))
            })?;
            Ok(held.into_iter().collect())
        }
    }
}

fn check_age(gateway: &Gateway, expires: Millis) -> Result<(), Problem> {
    if gateway.now() < expires { Ok(()) } else { Err(Problem::of(Code::TokenExpired)) }
}
