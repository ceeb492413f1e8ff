//! What every endpoint needs: the relay, keys, limits, and a count of what is going on.

use super::problem::Problem;
use super::streams::Streams;
use crate::auth::nonce::NonceKey;
use crate::auth::signing_key::{KeyFault, KeyRing};
use crate::auth::tables;
use crate::auth::throttle::Throttle;
use crate::blob::location::BlobLocation;
use crate::blob::{BlobFault, BlobLimits, BlobStore};
use crate::config::{DataFolder, Exposure, FolderFault, Lifetimes, Limits};
use crate::life::rescue::{self, Imported, Opened, RescueFault};
use crate::observe::metrics;
use crate::relay::Relay;
use crate::store::StoreError;
use outpost_model::id::TenantId;
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use parking_lot::Mutex;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// What an operator chose.
#[derive(Debug, Clone)]
pub struct Settings {
    pub folder: DataFolder,
    pub exposure: Exposure,
    pub lifetimes: Lifetimes,
    pub limits: Limits,
    /// Lets a collector on another machine read the metrics; without it only this machine may.
    pub metrics_token: Option<String>,
    /// Where files stand; none: in the data folder.
    pub blobs: Option<BlobLocation>,
    /// Where the field app's build lies; without one `/app/` says how to get it.
    pub app: Option<PathBuf>,
}

impl Settings {
    pub fn new(folder: DataFolder) -> Self {
        Self {
            folder,
            exposure: Exposure::Loopback,
            lifetimes: Lifetimes::default(),
            limits: Limits::default(),
            metrics_token: None,
            blobs: None,
            app: None,
        }
    }

    fn blob_location(&self) -> BlobLocation {
        self.blobs.clone().unwrap_or_else(|| BlobLocation::Folder(self.folder.blobs()))
    }

    fn blob_limits(&self) -> BlobLimits {
        BlobLimits {
            bytes_a_day: self.limits.blob_bytes_a_day,
            bytes: self.limits.blob_bytes,
            upload_life: self.lifetimes.upload,
            orphan_life: self.lifetimes.orphan,
        }
    }
}

/// Where files may stand, for whoever set it up.
pub(super) const FILES: &str = "Files stand in the data folder, or where --blobs says. A bucket's keys are in AWS_ACCESS_KEY_ID and\n\
    AWS_SECRET_ACCESS_KEY, its region in AWS_REGION, its address, if it isn't Amazon's, in AWS_ENDPOINT_URL.";

#[derive(Debug, thiserror::Error)]
pub enum GatewayFault {
    #[error(transparent)]
    Folder(#[from] FolderFault),
    #[error(transparent)]
    Key(#[from] KeyFault),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}\n{FILES}")]
    Files(String),
}

pub struct Gateway {
    pub(super) relay: Arc<Relay>,
    pub(super) settings: Settings,
    pub(super) ring: KeyRing,
    pub(super) nonce_key: NonceKey,
    /// What phones seal to headquarters by.
    pub(super) seal_key: [u8; 32],
    pub(crate) blobs: BlobStore,
    pub(super) streams: Streams,
    /// One permit a piece of a file that is being taken: each holds a piece in memory.
    pub(super) uploads: Arc<Semaphore>,
    /// One permit a sync in work.
    pub(super) syncs: Arc<Semaphore>,
    pub(super) requests: Arc<Semaphore>,
    pub(super) passwords: Arc<Semaphore>,
    pub(super) by_person_here: Throttle,
    pub(super) by_person: Throttle,
    pub(super) by_address: Throttle,
    /// When the store last took a write that was only a trial.
    pub(super) ready: Mutex<Option<Instant>>,
    /// True once the server is shutting down: streams end.
    closing: watch::Sender<bool>,
}

impl Gateway {
    pub fn open(relay: Arc<Relay>, settings: Settings) -> Result<Arc<Self>, GatewayFault> {
        metrics::start();
        relay.store().write(|tx| tables::create(tx))?;
        let (limits, now) = (settings.limits, relay.clock().now());
        let ring = KeyRing::open(&settings.folder.keys(), settings.lifetimes.token, now, rand::random())?;
        let shelf = settings.blob_location().open().map_err(|fault| GatewayFault::Files(fault.to_string()))?;
        let quarter = Millis::minutes(15);
        Ok(Arc::new(Self {
            ring,
            seal_key: rescue::public_key(&settings.folder.seal_key(rand::random())?),
            nonce_key: NonceKey::from_folder_key(&settings.folder.row_key(rand::random())?),
            blobs: BlobStore::new(relay.store().clone(), shelf, settings.blob_limits()),
            streams: Streams::new(limits.live_of_one, limits.live),
            uploads: Arc::new(Semaphore::new(limits.uploads)),
            syncs: Arc::new(Semaphore::new(limits.syncs)),
            requests: Arc::new(Semaphore::new(limits.requests)),
            passwords: Arc::new(Semaphore::new(limits.passwords)),
            by_person_here: Throttle::new(limits.attempts_of_person, quarter),
            by_person: Throttle::new(limits.attempts_of_person.saturating_mul(10), quarter),
            by_address: Throttle::new(limits.attempts_of_address, quarter),
            ready: Mutex::default(),
            closing: watch::Sender::new(false),
            relay,
            settings,
        }))
    }

    pub fn relay(&self) -> &Arc<Relay> {
        &self.relay
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn now(&self) -> Millis {
        self.relay.clock().now()
    }

    /// The tenant, where it is the one that was asked for.
    pub(super) fn tenant(&self, asked: &TenantId) -> Result<TenantId, Problem> {
        self.relay.tenant().filter(|tenant| tenant == asked).ok_or(Problem::of(Code::DeviceUnknown))
    }

    /// Runs work that waits for disk or burns CPU on a thread that may wait.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Gateway) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let gateway = self.clone();
        match tokio::task::spawn_blocking(move || work(&gateway)).await {
            Ok(answer) => answer,
            // The work panicked; the panic hook has told where.
            Err(_) => Err(Problem::of(Code::Internal)),
        }
    }

    /// A place among so many at once, after a short wait at most.
    pub(super) async fn place(places: &Arc<Semaphore>, wait: Duration) -> Result<OwnedSemaphorePermit, Problem> {
        match tokio::time::timeout(wait, places.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(Problem::of(Code::ServerBusy).again_after(2_000)),
        }
    }

    /// Opens a rescue file with headquarters' key, and puts what it holds into the review.
    pub(crate) fn take_rescue(&self, bytes: &[u8]) -> Result<(Opened, Imported), RescueFault> {
        let trouble = |said: String| RescueFault::Strokes(BlobFault::Shelf(said));
        let tenant = self.relay.tenant().ok_or_else(|| trouble("there is no company yet".into()))?;
        let key = self.settings.folder.seal_key(rand::random()).map_err(|fault| trouble(fault.to_string()))?;
        let opened = rescue::open(bytes, &key, &tenant)?;
        let shelf = self.settings.blob_location().open().map_err(|fault| trouble(fault.to_string()))?;
        let blobs = BlobStore::new(self.relay.store().clone(), shelf, rescue::limits());
        let imported = rescue::import(&self.relay, &blobs, &opened, self.now())?;
        Ok((opened, imported))
    }

    /// Ends live streams: the server is about to stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    pub(super) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::VirtualClock;
    use crate::store::Store;

    #[test]
    fn work_that_panics_fails_this_one_request_and_gives_its_place_back() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::prepare(dir.path()).unwrap();
        let clock = Arc::new(VirtualClock::at(Millis(0)));
        let relay = Relay::open(Store::open(dir.path()).unwrap(), clock, [0; 32]).unwrap();
        let gateway = Gateway::open(relay, Settings::new(folder)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let place = Gateway::place(&gateway.passwords, Duration::from_secs(1)).await.unwrap();
            let failed = gateway
                .blocking(move |_| -> Result<(), Problem> {
                    let _place = place;
                    panic!("as a test")
                })
                .await;
            assert_eq!(failed.unwrap_err().code, Code::Internal);
            assert_eq!(gateway.passwords.available_permits(), gateway.settings.limits.passwords);
            assert!(gateway.blocking(|_| Ok(())).await.is_ok());
        });
    }
}
