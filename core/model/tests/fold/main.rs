//! The fold, told as small stories: what pages and decisions say, and what must come of it.

mod corrections;
mod filled;
mod orders;
mod story;
mod time_off;
