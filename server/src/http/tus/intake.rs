//! The body of a PATCH, as it comes. Pieces are written when they are large enough, or have waited long enough: a slow
//! link must not lose more than a moment's work. It ends with the body, with a break, when nothing comes any more, or
//! when the same phone comes back and asks for the turn; what has come by then is kept.

use super::head::Checksum;
use crate::blob::ledger::Upload;
use crate::blob::turn::Turn;
use crate::blob::upload::Writing;
use crate::http::gateway::Gateway;
use crate::http::problem::Problem;
use axum::body::{Body, BodyDataStream};
use outpost_model::id::TenantId;
use outpost_model::problem::Code;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_stream::StreamExt;

/// Written at a time: what one upload holds in memory.
const PIECE: usize = 1 << 20;
/// So long a smaller piece waits for more.
const PATIENT: Duration = Duration::from_secs(3);
/// So long nothing may come.
const STALL: Duration = Duration::from_secs(30);
/// So long one request may write: who drips bytes comes back for more.
const LONGEST: Duration = Duration::from_secs(600);

pub(super) struct Intake {
    gateway: Arc<Gateway>,
    tenant: TenantId,
    writing: Writing,
    checksum: Option<Checksum>,
    turn: Turn,
    held: Vec<u8>,
    written: Instant,
}

enum Next {
    Bytes(axum::body::Bytes),
    /// A break, a stall, or somebody else's turn.
    Broken,
    End,
    /// Nothing came for a moment.
    Pause,
}

impl Intake {
    pub fn new(
        gateway: Arc<Gateway>,
        tenant: TenantId,
        upload: Upload,
        checksum: Option<Checksum>,
        turn: Turn,
    ) -> Self {
        let writing = Writing::on(upload);
        Self { gateway, tenant, writing, checksum, turn, held: Vec::new(), written: Instant::now() }
    }

    pub async fn run(mut self, body: Body) -> Result<(Upload, Turn), Problem> {
        let mut body = body.into_data_stream();
        let began = Instant::now();
        let mut heard = began;
        let broken = loop {
            match self.next(&mut body, heard).await {
                _ if began.elapsed() > LONGEST => break true,
                Next::Bytes(bytes) => {
                    heard = Instant::now();
                    if bytes.len() as u64 > self.writing.left().saturating_sub(self.held.len() as u64) {
                        self.write().await?;
                        self.settle(true).await?;
                        return Err(Problem::new(Code::BadRequest, "there is more than Upload-Length said"));
                    }
                    if let Some(sum) = &mut self.checksum {
                        sum.at(&bytes);
                    }
                    self.held.extend_from_slice(&bytes);
                    if self.held.len() >= PIECE || self.written.elapsed() > PATIENT {
                        self.write().await?;
                    }
                }
                Next::Pause => self.write().await?,
                Next::Broken => break true,
                Next::End => break false,
            }
        };
        self.write().await?;
        self.settle(broken).await?;
        Ok((self.writing.upload, self.turn))
    }

    async fn next(&mut self, body: &mut BodyDataStream, heard: Instant) -> Next {
        tokio::select! {
            biased;
            bytes = tokio::time::timeout(PATIENT, body.next()) => match bytes {
                Ok(Some(Ok(bytes))) => Next::Bytes(bytes),
                Ok(Some(Err(_))) => Next::Broken,
                Ok(None) => Next::End,
                Err(_) if heard.elapsed() > STALL => Next::Broken,
                Err(_) => Next::Pause,
            },
            () = self.turn.is_wanted() => Next::Broken,
        }
    }

    /// Writes what is held. Under a checksum nothing is acknowledged before the whole body was compared.
    async fn write(&mut self) -> Result<(), Problem> {
        if self.held.is_empty() {
            return Ok(());
        }
        let held = std::mem::take(&mut self.held);
        self.on_disk(move |gateway, writing| Ok(gateway.blobs.write(writing, &held)?)).await?;
        if self.checksum.is_none() {
            self.commit().await?;
        }
        self.written = Instant::now();
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), Problem> {
        let tenant = self.tenant.clone();
        self.on_disk(move |gateway, writing| Ok(gateway.blobs.commit(&tenant, writing, gateway.now())?)).await
    }

    /// The body is at its end: what a checksum held back is acknowledged now, or goes.
    async fn settle(&mut self, broken: bool) -> Result<(), Problem> {
        let Some(sum) = self.checksum.take() else { return Ok(()) };
        if !broken && sum.holds() {
            return self.commit().await;
        }
        self.on_disk(|gateway, writing| {
            gateway.blobs.take_back(writing);
            Ok(())
        })
        .await?;
        Err(Problem::of(Code::UploadChecksum))
    }

    /// Lends the writing to a thread that may wait.
    async fn on_disk(
        &mut self,
        work: impl FnOnce(&Gateway, &mut Writing) -> Result<(), Problem> + Send + 'static,
    ) -> Result<(), Problem> {
        let lent = Writing::on(self.writing.upload.clone());
        let mut writing = std::mem::replace(&mut self.writing, lent);
        let (done, back) = self
            .gateway
            .blocking(move |gateway| {
                let done = work(gateway, &mut writing);
                Ok((done, writing))
            })
            .await?;
        self.writing = back;
        done
    }
}
