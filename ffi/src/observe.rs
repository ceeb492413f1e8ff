//! One event callback: something that a screen may show has changed. What exactly, a view says.

use crate::host::HostTrouble;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Change {
    /// Something was captured, located or taken back.
    Logged,
    /// A step of a sync went through.
    Synced,
    /// Whose phone this is.
    Standing,
}

#[uniffi::export(foreign)]
pub trait Observer: Send + Sync {
    fn changed(&self, change: Change) -> Result<(), HostTrouble>;
}

#[derive(Default)]
pub(crate) struct Observers(Mutex<List>);

#[derive(Default)]
struct List {
    /// Given out so far.
    last: u64,
    known: Vec<(u64, Arc<dyn Observer>)>,
}

impl Observers {
    pub fn add(&self, observer: Arc<dyn Observer>) -> u64 {
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.last += 1;
        let id = list.last;
        list.known.push((id, observer));
        id
    }

    pub fn remove(&self, id: u64) {
        let removed = {
            let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let at = list.known.iter().position(|(known, _)| *known == id);
            at.map(|at| list.known.remove(at))
        };
        // Given back to the host only now that the lock is gone.
        drop(removed);
    }

    /// Tells everybody; what an observer throws is his own affair.
    pub fn tell(&self, change: Change) {
        let observers: Vec<_> = {
            let list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            list.known.iter().map(|(_, observer)| Arc::clone(observer)).collect()
        };
        for observer in observers {
            let _ = observer.changed(change);
        }
    }
}
