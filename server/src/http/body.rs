//! Bodies: small JSON in, with an answer that names what doesn't fit; larger bytes in, bounded before they are kept.

use super::problem::Problem;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, Request};
use outpost_model::problem::Code;
use serde::de::DeserializeOwned;

/// A JSON body, whatever content type it claims.
pub(super) struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = read(request, state).await?;
        let body = serde_json::from_slice(&bytes);
        body.map(Self).map_err(|error| Problem::new(Code::BadRequest, error.to_string()))
    }
}

/// The whole body, no longer than its route's limit.
pub(super) async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => Problem::of(Code::TooLarge),
        _ => Problem::new(Code::BadRequest, "the body broke off"),
    })
}
