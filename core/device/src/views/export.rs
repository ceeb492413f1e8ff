//! What can be carried out of the phone whatever the server says: refused things and damaged pages, as JSON lines
//! with the raw bytes, so that somebody can look at them with other tools. What was refused takes its strokes and
//! photos with it: no other way leads off the phone for them.

use crate::device::Device;
use crate::error::DeviceError;
use crate::store::outbox::StepKind;
use crate::store::{StoreError, blobs, outbox, pages, rows};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use outpost_model::id::PageId;
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl Device {
    /// All that was refused, one JSON object a line, with the raw bytes and the files that it names in base64.
    pub fn export_quarantine(&self) -> Result<Vec<u8>, DeviceError> {
        let mut lines = Vec::new();
        for held in self.quarantine()? {
            let mut files = serde_json::Map::new();
            for file in held.files() {
                let bytes = blobs::bytes(self.store.read(), &file)?;
                files.extend(bytes.map(|bytes| (file.to_string(), json!(STANDARD.encode(bytes)))));
            }
            lines.push(json!({
                "step": held.no,
                "act": held.act,
                "origin": held.origin,
                "page": held.page.to_string(),
                "action": held.name,
                "clock": held.at,
                "kind": if held.kind == StepKind::Change { "change" } else { "command" },
                "hash": held.hash.to_string(),
                "code": held.reason.code,
                "detail": held.reason.detail,
                "by": held.reason.by,
                "decided_at": held.reason.at,
                "policy": held.reason.policy,
                "entries": held.intent.map(|intent| intent.entries),
                "raw": STANDARD.encode(&held.content),
                "files": files,
            }));
        }
        Ok(print(lines))
    }

    /// Everything that is only here: what was refused, and each page that something waits on.
    pub fn export_all(&self) -> Result<Vec<u8>, DeviceError> {
        let state = self.sync_state()?;
        let pages: BTreeSet<PageId> = state.items.iter().map(|item| item.page).chain(state.damaged).collect();
        let mut file = self.export_quarantine()?;
        for page in pages {
            file.extend(self.export_page(page)?);
        }
        Ok(file)
    }

    /// Every row of a page and whatever of it is still here only: also of a page that can't be opened.
    pub fn export_page(&self, page: PageId) -> Result<Vec<u8>, DeviceError> {
        let db = self.store.read();
        let header = match pages::header(db, page) {
            Err(StoreError::Unreadable(what)) => json!({ "unreadable": what }),
            header => json!(header?.map(|header| header.canonical())),
        };
        let mut lines = vec![json!({ "page": page.to_string(), "header": header })];
        let changes = rows::read_changes(db, page)?;
        for (hash, raw) in changes.unreadable {
            lines.push(json!({ "hash": hash.to_string(), "raw": STANDARD.encode(raw) }));
        }
        for change in changes.sound {
            let seq = change.seq();
            lines.push(json!({ "seq": seq, "hash": change.hash.to_string(), "raw": STANDARD.encode(change.raw) }));
        }
        for step in outbox::pending_on(db, page)? {
            lines.push(json!({ "step": step.no, "hash": step.hash.to_string(), "raw": STANDARD.encode(step.content) }));
        }
        Ok(print(lines))
    }
}

fn print(lines: impl IntoIterator<Item = Value>) -> Vec<u8> {
    lines.into_iter().flat_map(|line| format!("{line}\n").into_bytes()).collect()
}
