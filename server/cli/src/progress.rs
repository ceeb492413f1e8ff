//! Progress of long work, for a person at a terminal; silent where nobody looks.

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub struct Progress(ProgressBar);

impl Progress {
    pub fn of(what: &str, total: usize) -> Self {
        let bar = ProgressBar::new(total as u64);
        let template = format!("{{bar:40}} {{pos}}/{{len}} {what}, {{eta}} left");
        // A template of our own is always well-formed; without it the plain bar does.
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        Self(bar)
    }

    pub fn at(&self, done: usize) {
        self.0.set_position(done as u64);
    }

    pub fn done(&self) {
        self.0.finish_and_clear();
    }
}

/// How many rows there are so far, where nobody knows how many there will be. Gone when it is dropped.
pub struct Counter(ProgressBar);

impl Counter {
    pub fn over(rows: &Arc<AtomicU64>) -> Self {
        let bar = ProgressBar::new_spinner();
        let rows = rows.clone();
        let count = move |_: &ProgressState, out: &mut dyn Write| {
            let _ = write!(out, "{}", rows.load(Ordering::Relaxed));
        };
        if let Ok(style) = ProgressStyle::with_template("{rows} rows, {elapsed}") {
            bar.set_style(style.with_key("rows", count));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Work of several stages, each with a bar of its own while it lasts.
#[derive(Default)]
pub struct Stages(Mutex<Option<(String, Progress)>>);

impl Stages {
    pub fn at(&self, what: &str, done: u64, of: u64) {
        // A poisoned bar is no reason to stop the work.
        let Ok(mut now) = self.0.lock() else { return };
        if now.as_ref().is_none_or(|(known, _)| known != what) {
            if let Some((_, bar)) = now.take() {
                bar.done();
            }
            *now = Some((what.to_owned(), Progress::of(what, of as usize)));
        }
        if let Some((_, bar)) = &*now {
            bar.at(done as usize);
        }
    }

    pub fn done(&self) {
        if let Some((_, bar)) = self.0.lock().ok().and_then(|mut now| now.take()) {
            bar.done();
        }
    }
}
