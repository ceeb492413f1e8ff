//! A month folder: `org.json`, `log.jsonl` and, once the oracle has spoken, `expected/*.csv`.

use crate::{Expected, Line, Org, oracle};
use serde::Serialize;
use std::{fs, io, path::Path};

#[derive(Debug, Clone, PartialEq)]
pub struct Month {
    pub org: Org,
    pub log: Vec<Line>,
}

impl Month {
    /// Reads `org.json` and `log.jsonl` of a month folder.
    pub fn load(dir: &Path) -> io::Result<Self> {
        let org = serde_json::from_str(&fs::read_to_string(dir.join("org.json"))?)?;
        let text = fs::read_to_string(dir.join("log.jsonl"))?;
        let mut log = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let parsed = Line::parse(line).map_err(|e| {
                io::Error::new(io::ErrorKind::InvalidData, format!("log.jsonl line {}: {e}", number + 1))
            })?;
            log.push(parsed);
        }
        Ok(Self { org, log })
    }

    /// Writes the whole folder, with what is to be expected of it.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        fs::create_dir_all(dir)?;
        fs::write(dir.join("org.json"), self.org_json())?;
        fs::write(dir.join("log.jsonl"), self.log_jsonl())?;
        self.expected().write(&dir.join("expected"))
    }

    pub fn expected(&self) -> Expected {
        oracle::expected(&self.org, &self.log)
    }

    pub fn org_json(&self) -> String {
        let mut out = Vec::new();
        let indent = serde_json::ser::PrettyFormatter::with_indent(b" ");
        let mut writer = serde_json::Serializer::with_formatter(&mut out, indent);
        self.org.serialize(&mut writer).expect("an organisation has string keys and finite numbers");
        String::from_utf8(out).expect("JSON is UTF-8")
    }

    pub fn log_jsonl(&self) -> String {
        self.log.iter().map(|line| line.to_json() + "\n").collect()
    }
}
