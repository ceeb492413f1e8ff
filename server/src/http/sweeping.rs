//! While the relay serves: files that nobody needs any more are deleted, soon after the decision or the day that said
//! so; and once at the start, then daily, the shelf is compared with the ledger.

use super::gateway::Gateway;
use super::problem::Problem;
use crate::blob::shelf::ShelfFault;
use outpost_model::time::Millis;
use std::sync::Arc;
use std::time::Duration;

/// What a decision erased is gone after so long at most.
const EVERY: Duration = Duration::from_secs(30);
const DAY: i64 = Millis::hours(24);

pub(super) async fn keep_swept(gateway: Arc<Gateway>) {
    let mut looked: Option<Millis> = None;
    loop {
        let now = gateway.now();
        if looked.is_none_or(|looked| now.since(looked) >= DAY) && gateway.take_inventory().await.is_ok() {
            looked = Some(now);
        }
        // What goes wrong has been told; the next time comes soon.
        let _ = gateway.sweep().await;
        tokio::time::sleep(EVERY).await;
    }
}

impl Gateway {
    /// Whether files can be stored where they are to stand: told before anybody is let in.
    pub(super) async fn try_files(self: &Arc<Self>) -> Result<(), String> {
        let gateway = self.clone();
        let tried = tokio::task::spawn_blocking(move || gateway.blobs.shelf().prove()).await;
        match tried.map_err(|_| "the files couldn't be tried".to_owned())? {
            // It may have room again later, and everything else goes on without.
            Err(fault @ ShelfFault::Full(_)) => {
                tracing::warn!(%fault, "no file can be stored now");
                Ok(())
            }
            tried => tried.map_err(|fault| fault.to_string()),
        }
    }

    /// Deletes files and uploads that nobody needs any more.
    pub async fn sweep(self: &Arc<Self>) -> Result<(), Problem> {
        self.blocking(|gateway| {
            let Some(tenant) = gateway.relay.tenant() else { return Ok(()) };
            let swept = gateway.blobs.sweep(&tenant, gateway.now())?;
            if swept.uploads + swept.orphans + swept.deleted > 0 {
                let (uploads, orphans, deleted) = (swept.uploads, swept.orphans, swept.deleted);
                tracing::info!(uploads, orphans, deleted, "files that nobody needs are gone");
            }
            Ok(())
        })
        .await
    }

    /// Compares what stands on the shelf with the ledger; what has no row is taken in.
    pub async fn take_inventory(self: &Arc<Self>) -> Result<(), Problem> {
        self.blocking(|gateway| {
            let Some(tenant) = gateway.relay.tenant() else { return Ok(()) };
            let found = gateway.blobs.take_inventory(&tenant, gateway.now())?;
            if found.taken_in + found.strays > 0 || !found.damaged.is_empty() {
                let (taken_in, strays, damaged) = (found.taken_in, found.strays, found.damaged.len());
                tracing::warn!(taken_in, strays, damaged, "files without a row were found");
            }
            Ok(())
        })
        .await
    }
}
