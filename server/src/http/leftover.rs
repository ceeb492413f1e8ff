//! What is left of a request's body when its answer is already known.
//!
//! A request may be answered from its head alone: its token has expired, its sender is too busy. If the rest of the
//! body then went unread, the connection would be closed under the client, who just as likely sends its next request
//! over it and loses it. So a small rest is read to its end and thrown away; a large one closes the connection.

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio_stream::{Stream, StreamExt};

/// So much is read for nothing: a frame, or a piece of a file as phones send them.
const MOST: usize = 1 << 20;
/// For so long.
const PATIENCE: Duration = Duration::from_secs(5);

struct Finishing {
    rest: Option<BodyDataStream>,
}

impl Stream for Finishing {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(rest) = &mut self.rest else { return Poll::Ready(None) };
        let polled = Pin::new(rest).poll_next(context);
        if let Poll::Ready(None | Some(Err(_))) = polled {
            self.rest = None;
        }
        polled
    }
}

impl Drop for Finishing {
    fn drop(&mut self) {
        if let (Some(rest), Ok(runtime)) = (self.rest.take(), Handle::try_current()) {
            runtime.spawn(tokio::time::timeout(PATIENCE, throw_away(rest)));
        }
    }
}

async fn throw_away(mut rest: BodyDataStream) {
    let mut seen = 0;
    while let Some(Ok(bytes)) = rest.next().await {
        seen += bytes.len();
        if seen > MOST {
            return;
        }
    }
}

pub(super) async fn finish(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let body = Body::from_stream(Finishing { rest: Some(body.into_data_stream()) });
    next.run(Request::from_parts(head, body)).await
}
