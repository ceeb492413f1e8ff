//! Progress of long work, for a person at a terminal; silent where nobody looks.

use indicatif::{ProgressBar, ProgressStyle};

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
