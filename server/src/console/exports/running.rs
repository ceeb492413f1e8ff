//! Exports that are being written: a few at once, each as fast as its reader takes it, with a count that its page may
//! ask for.

use crate::export::Export;
use crate::http::{Gateway, Problem};
use axum::body::{Body, Bytes};
use outpost_model::id::UserId;
use outpost_model::problem::Code;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

/// At once: each holds a snapshot of the store open.
const MOST: usize = 4;
/// Remembered for the pages that ask.
const KEPT: usize = 64;
/// A reader who takes nothing for so long has gone.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes that are handed over together.
const PIECE: usize = 64 * 1024;

#[derive(Default)]
pub struct Running(Mutex<VecDeque<(UserId, String, Arc<Progress>)>>);

#[derive(Default)]
struct Progress {
    rows: AtomicU64,
    /// Once it is over: whether it was written whole.
    end: Mutex<Option<bool>>,
}

impl Running {
    pub fn begin(&self, user: &UserId, id: &str) -> Result<Writing, Problem> {
        let mut all = self.0.lock();
        if all.iter().filter(|(.., one)| one.end.lock().is_none()).count() >= MOST {
            return Err(Problem::of(Code::ServerBusy).again_after(5_000));
        }
        while all.len() >= KEPT {
            let over = all.iter().position(|(.., one)| one.end.lock().is_some()).unwrap_or(0);
            all.remove(over);
        }
        let progress = Arc::new(Progress::default());
        let id = id.chars().take(64).collect();
        all.push_front((user.clone(), id, progress.clone()));
        Ok(Writing(progress))
    }

    /// Rows so far, and how it ended if it has.
    pub fn reached(&self, user: &UserId, id: &str) -> Option<(u64, Option<bool>)> {
        let all = self.0.lock();
        let (.., progress) = all.iter().find(|(owner, known, _)| owner == user && known == id)?;
        Some((progress.rows.load(Ordering::Relaxed), *progress.end.lock()))
    }
}

/// A place among those that are written: given up whatever happens to the one who writes.
pub struct Writing(Arc<Progress>);

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.end.lock().get_or_insert(false);
    }
}

/// The file as it is written. What goes wrong on the way breaks it off: half a file never looks like a whole one.
pub fn stream(gateway: Arc<Gateway>, export: Export, writing: Writing) -> Body {
    let (sender, receiver) = channel::<io::Result<Bytes>>(4);
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let progress = &writing.0;
        let mut out = BufWriter::with_capacity(PIECE, Pipe { sender: sender.clone(), runtime });
        let written = export.write(gateway.relay(), &mut out, &progress.rows);
        let done = written.map_err(|error| io::Error::other(error.to_string())).and_then(|_| out.flush());
        progress.end.lock().get_or_insert(done.is_ok());
        if let Err(error) = done {
            tracing::info!(%error, "an export broke off");
            // Nobody may be there any more to hear it.
            let _ = sender.try_send(Err(error));
        }
    });
    Body::from_stream(ReceiverStream::new(receiver))
}

struct Pipe {
    sender: Sender<io::Result<Bytes>>,
    runtime: Handle,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sending = self.sender.send(Ok(Bytes::copy_from_slice(bytes)));
        match self.runtime.block_on(tokio::time::timeout(PATIENCE, sending)) {
            Ok(Ok(())) => Ok(bytes.len()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
