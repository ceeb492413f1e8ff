//! `POST /v1/sync`, `POST /v1/drill`, `POST /v1/bring-back`: frames in, frames out. The relay does the rest.

use super::body;
use super::caller::DeviceCaller;
use super::encoding::Encoding;
use super::gateway::Gateway;
use super::problem::Problem;
use crate::observe::metrics;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use minicbor::{Decode, Encode};
use outpost_model::problem::Code;
use outpost_model::wire::{self, BringBack, BroughtBack, Drill, MAX_REQUEST, SyncReply, SyncRequest, Verdict};
use std::sync::Arc;
use std::time::Duration;

/// How long a sync waits for its turn before it is told to come again.
const TURN: Duration = Duration::from_secs(2);

pub(super) async fn sync(
    State(gateway): State<Arc<Gateway>>,
    caller: DeviceCaller,
    request: Request,
) -> Result<Response, Problem> {
    exchange(gateway, request, move |gateway, request: SyncRequest| {
        if request.version != wire::VERSION {
            return Err(Problem::of(Code::VersionUnknown));
        }
        let reply = gateway.relay.sync(&caller.device, request)?;
        count(&reply);
        metrics::commits(gateway.relay.store().commits());
        Ok(reply)
    })
    .await
}

pub(super) async fn drill(
    State(gateway): State<Arc<Gateway>>,
    caller: DeviceCaller,
    request: Request,
) -> Result<Response, Problem> {
    exchange(gateway, request, move |gateway, drill: Drill| Ok(gateway.relay.drill(&caller.device, drill)?)).await
}

pub(super) async fn bring_back(
    State(gateway): State<Arc<Gateway>>,
    caller: DeviceCaller,
    request: Request,
) -> Result<Response, Problem> {
    exchange(gateway, request, move |gateway, rows: BringBack| {
        Ok(BroughtBack { verdicts: gateway.relay.bring_back(&caller.device, rows)? })
    })
    .await
}

/// Bytes → frame → answer → frame → bytes, all of it but the reading on a thread that may wait.
async fn exchange<In, Out>(
    gateway: Arc<Gateway>,
    request: Request,
    answer: impl FnOnce(&Gateway, In) -> Result<Out, Problem> + Send + 'static,
) -> Result<Response, Problem>
where
    In: for<'b> Decode<'b, ()> + 'static,
    Out: Encode<()> + 'static,
{
    let came = Encoding::of_body(request.headers())?;
    let wanted = Encoding::accepted(request.headers());
    let bytes = body::read(request, &()).await?;
    metrics::bytes("in", bytes.len());
    let turn = Gateway::place(&gateway.syncs, TURN).await?;
    let (body, encoding) = gateway
        .blocking(move |gateway| {
            let _turn = turn;
            let unpacked = came.unpack(&bytes, MAX_REQUEST)?;
            if !wire::is_intact(&unpacked) {
                return Err(Problem::of(Code::FrameDamaged).again_after(1_000));
            }
            let frame = wire::parse_frame(&unpacked);
            let frame = frame.map_err(|error| Problem::new(Code::MalformedFrame, error.to_string()))?;
            Ok(wanted.pack(wire::checked_frame(&answer(gateway, frame)?)))
        })
        .await?;
    metrics::bytes("out", body.len());
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/cbor"));
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
    }
    Ok(response)
}

fn count(reply: &SyncReply) {
    metrics::items(reply.items.len());
    for step in &reply.verdicts {
        metrics::step(match step.verdict {
            Verdict::Admitted(_) => "admitted",
            Verdict::AlreadyHad(_) => "already_had",
            Verdict::AlreadySo(_) => "already_so",
            Verdict::Refused(_) => "refused",
            Verdict::Deferred(..) => "deferred",
            Verdict::Needs(_) => "needs",
        });
    }
}
