//! How many live streams are open, in all and for each listener.

use crate::observe::metrics;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) struct Streams {
    most_of_one: usize,
    most: usize,
    open: Arc<Mutex<HashMap<String, usize>>>,
}

/// One open stream; counted until it is dropped.
pub(super) struct Place {
    of: String,
    open: Arc<Mutex<HashMap<String, usize>>>,
}

impl Streams {
    pub fn new(most_of_one: usize, most: usize) -> Self {
        Self { most_of_one, most, open: Arc::default() }
    }

    pub fn enter(&self, of: String) -> Option<Place> {
        let mut open = self.open.lock();
        let all: usize = open.values().sum();
        if all >= self.most || open.get(&of).is_some_and(|mine| *mine >= self.most_of_one) {
            return None;
        }
        *open.entry(of.clone()).or_default() += 1;
        metrics::live_streams(all + 1);
        Some(Place { of, open: self.open.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock();
        if let Some(mine) = open.get_mut(&self.of) {
            *mine -= 1;
            if *mine == 0 {
                open.remove(&self.of);
            }
        }
        metrics::live_streams(open.values().sum());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_counted_for_each_listener_and_in_all() {
        let streams = Streams::new(2, 3);
        let first = streams.enter("d-1".into()).unwrap();
        let _second = streams.enter("d-1".into()).unwrap();
        assert!(streams.enter("d-1".into()).is_none());
        let _third = streams.enter("d-2".into()).unwrap();
        assert!(streams.enter("d-3".into()).is_none());
        drop(first);
        assert!(streams.enter("d-1".into()).is_some());
    }
}
