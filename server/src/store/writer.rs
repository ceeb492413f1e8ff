//! The one thread that writes. It takes the first job that waits and opens a transaction; every job that has come
//! meanwhile joins it, in a savepoint; then all are committed together and answered. What jobs left for later, and
//! nobody waits for, is done after that.

use super::StoreError;
use parking_lot::Mutex;
use rusqlite::Connection;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// Jobs that share one transaction at most: beyond this the first would wait too long for the last.
const GROUP: usize = 256;

/// What a job sees of the transaction that it is part of.
pub struct Tx<'a> {
    connection: &'a Connection,
    after: Vec<After>,
    later: Vec<Errand>,
    undone: bool,
}

type After = Box<dyn FnOnce(bool) + Send>;
type Errand = Box<dyn FnOnce(&Connection) -> Result<(), StoreError> + Send>;
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Runs in its savepoint; leaves its answer to be given once it is known whether the group was committed.
type Job = Box<dyn FnOnce(&mut Tx<'_>) -> (Outcome, Answer) + Send>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Keep,
    Undo,
}

impl Tx<'_> {
    /// Calls this on the writer's thread when the fate of the job is known, before anybody gets an answer:
    /// true if its effects are durable.
    pub fn after(&mut self, call: impl FnOnce(bool) + Send + 'static) {
        self.after.push(Box::new(call));
    }

    /// Runs this in a transaction of its own once the job is durable and answered. Nobody hears if it fails, so nothing
    /// may rest on it.
    pub fn later(&mut self, errand: impl FnOnce(&Connection) -> Result<(), StoreError> + Send + 'static) {
        self.later.push(Box::new(errand));
    }

    /// The job still answers as it likes, but none of its effects is kept.
    pub fn undo(&mut self) {
        self.undone = true;
    }
}

impl Deref for Tx<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        self.connection
    }
}

pub(super) struct Writer {
    queue: Mutex<Option<Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    commits: Arc<AtomicU64>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (queue, jobs) = channel();
        let commits = Arc::new(AtomicU64::new(0));
        let counter = commits.clone();
        let thread = std::thread::Builder::new().name("outpost-writer".into()).spawn(move || {
            while let Ok(first) = jobs.recv() {
                run_group(&connection, first, &jobs, &counter);
            }
        })?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)), commits })
    }

    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    pub(super) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = channel();
        let job: Job = Box::new(move |tx| {
            let result = job(tx);
            let outcome = if result.is_ok() && !tx.undone { Outcome::Keep } else { Outcome::Undo };
            let answer = move |fate: Result<(), StoreError>| {
                // Whoever asked may have given up; the commit stands all the same.
                let _ = answer.send(fate.and(result));
            };
            (outcome, Box::new(answer))
        });
        let queue = self.queue.lock().clone().ok_or(StoreError::Closed)?;
        queue.send(job).map_err(|_| StoreError::Closed)?;
        drop(queue);
        answered.recv().map_err(|_| StoreError::NotCommitted("the job didn't come to its end".into()))?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.lock().take();
        if let Some(thread) = self.thread.lock().take() {
            let _ = thread.join();
        }
    }
}

fn run_group(connection: &Connection, first: Job, jobs: &Receiver<Job>, commits: &AtomicU64) {
    let (mut answers, mut after, mut later) = (Vec::new(), Vec::new(), Vec::new());
    let fate = in_transaction(connection, || {
        let mut next = Some(first);
        while let Some(job) = next {
            run_one(connection, job, &mut answers, &mut after, &mut later)?;
            next = (answers.len() < GROUP).then(|| jobs.try_recv().ok()).flatten();
        }
        Ok(())
    });
    let committed = fate.is_ok();
    if committed {
        commits.fetch_add(1, Ordering::Relaxed);
    }
    after.into_iter().for_each(|call: After| call(committed));
    let said = fate.err().map(|error| error.to_string());
    for answer in answers {
        answer(said.clone().map_or(Ok(()), |said| Err(StoreError::NotCommitted(said))));
    }
    for errand in later.into_iter().filter(|_| committed) {
        run_errand(connection, errand);
    }
}

fn run_errand(connection: &Connection, errand: Errand) {
    let done = in_transaction(connection, || {
        let run = catch_unwind(AssertUnwindSafe(|| errand(connection)));
        run.unwrap_or_else(|_| Err(StoreError::damaged("it didn't come to its end")))
    });
    if let Err(error) = done {
        tracing::warn!(%error, "something that was left for later was not done");
    }
}

fn in_transaction(connection: &Connection, work: impl FnOnce() -> Result<(), StoreError>) -> Result<(), StoreError> {
    connection.execute_batch("begin immediate")?;
    let done = work().and_then(|()| Ok(connection.execute_batch("commit")?));
    if done.is_err() && !connection.is_autocommit() {
        connection.execute_batch("rollback")?;
    }
    done
}

/// An error here is not the job's own but the savepoint's: the whole group goes.
fn run_one(
    connection: &Connection,
    job: Job,
    answers: &mut Vec<Answer>,
    after: &mut Vec<After>,
    later: &mut Vec<Errand>,
) -> Result<(), StoreError> {
    connection.execute_batch("savepoint job")?;
    let mut tx = Tx { connection, after: Vec::new(), later: Vec::new(), undone: false };
    // A job that panics is a job that failed: whoever asked finds nobody at the other end.
    let ran = catch_unwind(AssertUnwindSafe(|| job(&mut tx)));
    let (calls, errands) = (tx.after, tx.later);
    let outcome = match ran {
        Ok((outcome, answer)) => {
            answers.push(answer);
            outcome
        }
        Err(_) => Outcome::Undo,
    };
    match outcome {
        Outcome::Keep => {
            after.extend(calls);
            later.extend(errands);
            connection.execute_batch("release job")?;
        }
        Outcome::Undo => {
            calls.into_iter().for_each(|call| call(false));
            connection.execute_batch("rollback to job; release job")?;
        }
    }
    Ok(())
}
