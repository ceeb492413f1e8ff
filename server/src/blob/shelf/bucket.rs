//! Files in a bucket of S3, or of what speaks like it. There nothing can be appended to: each piece of a draft is an
//! object of its own, and settling reads them once, in order, into the object that stays.
//!
//! ```text
//! PREFIX/parts/9f…/000000000000-77ab…  a piece of a draft
//! PREFIX/ab/cd….1234abcd               a file
//! ```

use super::{DRAFTS, Piece, Shelf, ShelfFault, Take};
use crate::blob::proof::Proof;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};
use std::future::Future;
use std::ops::Range;
use tokio::runtime::{Builder, Runtime};
use tokio_stream::StreamExt;

/// Settled in parts of so many bytes: a bucket takes none under 5 MiB, but the last.
const PART: usize = 8 << 20;

pub struct Bucket {
    store: AmazonS3,
    prefix: Path,
    network: Network,
}

/// A runtime of the bucket's own, so that its clocks run for as long as anybody talks to it: whoever waits for an answer
/// may outlive the runtime that serves requests.
struct Network(Option<Runtime>);

impl Network {
    fn begin() -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("bucket").enable_all().build()?;
        Ok(Self(Some(runtime)))
    }

    /// Waits on a thread that may wait.
    fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.0.as_ref().expect("it runs until it is dropped").block_on(work)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // Wherever that happens: dropped as it is, it would block.
        self.0.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

impl From<Error> for ShelfFault {
    fn from(error: Error) -> Self {
        let said = error.to_string();
        // What a bucket that is full says, under whichever status.
        let full = ["InsufficientStorage", "QuotaExceeded", "StorageFull", "507", "No space left"];
        if full.iter().any(|word| said.contains(word)) { Self::Full(said) } else { Self::Trouble(said) }
    }
}

impl Bucket {
    /// `s3://bucket/prefix`; keys, region and address come from the usual `AWS_…` variables.
    pub fn open(address: &str) -> Result<Self, ShelfFault> {
        let trouble = |error: Error| ShelfFault::Trouble(format!("{address}: {error}"));
        let _ = rustls::crypto::ring::default_provider().install_default();
        let rest = address.strip_prefix("s3://").unwrap_or(address);
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build().map_err(trouble)?;
        let network = Network::begin().map_err(|error| ShelfFault::Trouble(error.to_string()))?;
        Ok(Self { store, prefix: Path::from(prefix), network })
    }

    fn path(&self, place: &str) -> Path {
        let prefix = self.prefix.as_ref();
        if prefix.is_empty() { Path::from(place) } else { Path::from(format!("{prefix}/{place}")) }
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, ShelfFault> {
        Ok(self.network.wait(work)?)
    }

    async fn show(&self, place: &Path, proof: &mut Proof) -> Result<bool, Error> {
        proof.reset();
        let found = match self.store.get(place).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(error),
        };
        let mut bytes = found.into_stream();
        while let Some(bytes) = bytes.next().await {
            proof.at(&bytes?);
        }
        Ok(true)
    }

    async fn join(&self, pieces: &[Piece], place: &Path, proof: &mut Proof) -> Result<bool, Error> {
        proof.reset();
        let upload = self.store.put_multipart(place).await?;
        let mut whole = WriteMultipart::new_with_chunk_size(upload, PART);
        let mut reached = 0;
        for piece in pieces {
            if piece.start != reached {
                break;
            }
            reached += piece.size;
            let mut bytes = self.store.get(&self.path(&piece.place)).await?.into_stream();
            while let Some(bytes) = bytes.next().await {
                let bytes = bytes?;
                proof.at(&bytes);
                whole.wait_for_capacity(1).await?;
                whole.put(bytes);
            }
        }
        if proof.verdict().is_err() {
            whole.abort().await?;
            return Ok(false);
        }
        whole.finish().await?;
        Ok(true)
    }

    async fn join_small(&self, pieces: &[Piece], place: &Path, proof: &mut Proof) -> Result<bool, Error> {
        proof.reset();
        let mut whole = Vec::new();
        for piece in pieces {
            let bytes = self.store.get(&self.path(&piece.place)).await?.bytes().await?;
            proof.at(&bytes);
            whole.push(bytes);
        }
        if proof.verdict().is_err() {
            return Ok(false);
        }
        self.store.put(place, PutPayload::from_iter(whole)).await?;
        Ok(true)
    }
}

impl Shelf for Bucket {
    fn append(&self, draft: &str, at: u64, bytes: &[u8]) -> Result<Piece, ShelfFault> {
        // A name of its own: whoever writes the same offset of the same draft elsewhere can't change this piece.
        let place = format!("{draft}{at:012}-{:016x}", rand::random::<u64>());
        let payload = PutPayload::from(bytes.to_vec());
        self.wait(self.store.put(&self.path(&place), payload))?;
        Ok(Piece { start: at, size: bytes.len() as u64, place })
    }

    fn settle(&self, _: &str, pieces: &[Piece], place: &str, proof: &mut Proof) -> Result<bool, ShelfFault> {
        self.wait(async {
            let path = self.path(place);
            if self.show(&path, proof).await? {
                return Ok(proof.verdict().is_ok());
            }
            let size: u64 = pieces.iter().map(|piece| piece.size).sum();
            match size <= PART as u64 {
                true => self.join_small(pieces, &path, proof).await,
                false => self.join(pieces, &path, proof).await,
            }
        })
    }

    fn read(&self, place: &str, range: Range<u64>, take: &mut Take<'_>) -> Result<bool, ShelfFault> {
        if range.is_empty() {
            return Ok(true);
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let mut bytes = match self.network.wait(self.store.get_opts(&self.path(place), options)) {
            Ok(found) => found.into_stream(),
            Err(Error::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        // Whoever takes the bytes may block, which nobody may where futures run: so one piece at a time.
        while let Some(piece) = self.network.wait(bytes.next()) {
            if !take(&piece?) {
                break;
            }
        }
        Ok(true)
    }

    fn remove(&self, place: &str) -> Result<(), ShelfFault> {
        self.wait(async {
            let mut doomed = Vec::new();
            if place.ends_with('/') {
                let mut pieces = self.store.list(Some(&self.path(place)));
                while let Some(piece) = pieces.next().await {
                    doomed.push(piece?.location);
                }
            } else {
                doomed.push(self.path(place));
            }
            for path in doomed {
                match self.store.delete(&path).await {
                    Ok(()) | Err(Error::NotFound { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        })
    }

    fn list(&self) -> Result<Vec<(String, u64)>, ShelfFault> {
        self.wait(async {
            let mut found: Vec<(String, u64)> = Vec::new();
            let mut all = self.store.list(Some(&self.prefix));
            while let Some(object) = all.next().await {
                let object = object?;
                let path = object.location.as_ref();
                let place = path.strip_prefix(self.prefix.as_ref()).unwrap_or(path).trim_start_matches('/');
                let draft = place.strip_prefix(DRAFTS).and_then(|rest| rest.split_once('/'));
                match draft {
                    // The pieces of a draft count as one.
                    Some((upload, _)) => {
                        let draft = format!("{DRAFTS}{upload}/");
                        if found.last().is_none_or(|(last, _)| *last != draft) {
                            found.push((draft, object.size));
                        }
                    }
                    None => found.push((place.to_owned(), object.size)),
                }
            }
            Ok(found)
        })
    }

    fn prove(&self) -> Result<(), ShelfFault> {
        let trial = self.append(&format!("{DRAFTS}trial/"), 0, b"trial")?;
        self.remove(&trial.place)
    }
}
