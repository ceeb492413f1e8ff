//! Whose turn it is to write an upload. A phone whose connection broke comes back before the server has noticed: so
//! whoever wants the turn asks the one who has it to give way, and waits a little.

use super::ledger::UploadId;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedMutexGuard, watch};

#[derive(Default)]
pub struct Turns(Mutex<HashMap<UploadId, Arc<Desk>>>);

struct Desk {
    seat: Arc<tokio::sync::Mutex<()>>,
    waiting: watch::Sender<u64>,
}

/// The turn; it ends when this is dropped.
pub struct Turn {
    _seat: OwnedMutexGuard<()>,
    waiting: watch::Receiver<u64>,
    _desk: Arc<Desk>,
}

impl Turns {
    /// The turn, once whoever has it gave way; none if he didn't in time.
    pub async fn take(&self, upload: UploadId, patience: Duration) -> Option<Turn> {
        let desk = {
            let mut desks = self.0.lock();
            desks.retain(|_, desk| Arc::strong_count(desk) > 1);
            let fresh = || Arc::new(Desk { seat: Arc::default(), waiting: watch::Sender::new(0) });
            desks.entry(upload).or_insert_with(fresh).clone()
        };
        desk.waiting.send_modify(|waiting| *waiting += 1);
        let seat = tokio::time::timeout(patience, desk.seat.clone().lock_owned()).await.ok()?;
        Some(Turn { _seat: seat, waiting: desk.waiting.subscribe(), _desk: desk })
    }
}

impl Turn {
    /// Comes back when somebody else wants the turn.
    pub async fn is_wanted(&mut self) {
        if self.waiting.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_comes_later_has_the_turn_and_the_former_gives_way() {
        let turns = Arc::new(Turns::default());
        let id = UploadId([1; 16]);
        let mut first = turns.take(id, Duration::from_secs(5)).await.unwrap();
        let (others, other) = (turns.clone(), UploadId([2; 16]));
        assert!(others.take(other, Duration::from_secs(5)).await.is_some());
        let second = tokio::spawn(async move { others.take(id, Duration::from_secs(5)).await.is_some() });
        first.is_wanted().await;
        assert!(turns.take(id, Duration::ZERO).await.is_none());
        drop(first);
        assert!(second.await.unwrap());
        let _last = turns.take(id, Duration::from_secs(5)).await.unwrap();
        assert_eq!(turns.0.lock().len(), 1, "desks that nobody sits at are cleared away");
    }
}
