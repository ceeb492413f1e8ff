//! A month folder as it is written: `org.json` says who there is, `log.jsonl` what they did, one action a line.
//! In come bytes; out come typed lines, or the file, the line and what is wrong with it.

mod action;
mod line;
mod moment;
mod org;

pub use action::{Action, Spot, e7};
pub use line::{By, Expect, Line};
pub use org::Org;

use std::fs;
use std::path::Path;

/// Longest line that is read.
const MAX_LINE: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum MonthFault {
    #[error("{file}: {cause}. Is this a folder with org.json and log.jsonl?")]
    Unreadable { file: String, cause: std::io::Error },
    #[error("{file}, line {line}: {cause}. Mend the line and replay into a fresh folder.")]
    BadLine { file: &'static str, line: usize, cause: String },
}

#[derive(Debug, Clone)]
pub struct Month {
    pub org: Org,
    pub lines: Vec<Line>,
}

impl Month {
    pub fn load(folder: &Path) -> Result<Self, MonthFault> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path)
                .map_err(|cause| MonthFault::Unreadable { file: path.display().to_string(), cause })
        };
        Self::parse(&read("org.json")?, &read("log.jsonl")?)
    }

    pub fn parse(org: &str, log: &str) -> Result<Self, MonthFault> {
        let org: Org = serde_json::from_str(org).map_err(|cause| MonthFault::BadLine {
            file: "org.json",
            line: cause.line(),
            cause: cause.to_string(),
        })?;
        org.policy().map_err(|cause| MonthFault::BadLine { file: "org.json", line: 1, cause })?;
        let mut lines: Vec<Line> = Vec::new();
        for (place, text) in log.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let bad = |cause: String| MonthFault::BadLine { file: "log.jsonl", line: place + 1, cause };
            if text.len() > MAX_LINE {
                return Err(bad(format!("longer than {MAX_LINE} bytes")));
            }
            let mut line: Line = serde_json::from_str(text).map_err(|cause| bad(cause.to_string()))?;
            line.number = place + 1;
            if lines.last().is_some_and(|last| last.at > line.at) {
                return Err(bad("earlier than the line before it".into()));
            }
            lines.push(line);
        }
        Ok(Self { org, lines })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use outpost_model::id::DeviceId;

    fn folder() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/month")
    }

    #[test]
    fn the_shared_month_reads_whole() {
        let month = Month::load(&folder()).unwrap();
        assert_eq!((month.lines.len(), month.org.users.len()), (2_072, 12));
        assert_eq!(month.lines[1].by, By::Device(DeviceId::parse("d-e2").unwrap()));
        assert!(month.lines[1].clock.is_some());
    }

    #[test]
    fn a_broken_line_is_named() {
        let org = fs::read_to_string(folder().join("org.json")).unwrap();
        let good = r#"{"at": "2026-09-24T23:41:01+08:00", "by": "d-e1", "do": "sync"}"#;
        for (bad, hint) in [
            (r#"{"at": "yesterday", "by": "d-e1", "do": "sync"}"#, "yesterday"),
            (r#"{"at": "2026-09-24T23:41:02+08:00", "by": "d-e1", "do": "fly"}"#, "fly"),
            (r#"{"at": "2026-09-24T23:41:00+08:00", "by": "d-e1", "do": "sync"}"#, "earlier"),
            (r#"{"at": "2026-09-24T23:41:02+08:00", "by": "d e1", "do": "sync"}"#, "d e1"),
            (r#"{"at""#, "EOF"),
        ] {
            let fault = Month::parse(&org, &format!("{good}\n{bad}\n")).unwrap_err().to_string();
            assert!(fault.contains("log.jsonl, line 2") && fault.contains(hint), "{fault}");
        }
    }
}
