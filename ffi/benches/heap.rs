//! A logbook on an invited phone, and how much heap this process uses.

#![allow(dead_code, reason = "each binary that includes this uses its part")]

use outpost_ffi::host::{Clock, ClockReading, Host, HostTrouble};
use outpost_ffi::logbook::LogbookCore;
use std::path::Path;
use std::sync::Arc;

/// Bytes that are allocated, by Rust and by SQLite alike.
#[expect(unsafe_code, reason = "the C library's own count has no safe binding")]
pub fn in_use() -> i64 {
    // SAFETY: it takes nothing and returns numbers.
    let info = unsafe { libc::mallinfo2() };
    (info.uordblks + info.hblkhd) as i64
}

struct Noon;

impl Clock for Noon {
    fn read(&self) -> Result<ClockReading, HostTrouble> {
        Ok(ClockReading { now: 1_790_000_000_000, zone_minutes: 480, monotonic: Some(1) })
    }
}

pub fn logbook(folder: &Path) -> Arc<LogbookCore> {
    let host = Host {
        folder: folder.to_string_lossy().into_owned(),
        no_backup_folder: None,
        app: "heap 0".into(),
        clock: Arc::new(Noon),
        keystore: None,
        transport: None,
        locator: None,
        power: None,
    };
    let logbook = LogbookCore::open(host).unwrap();
    logbook.enrol(code()).unwrap();
    logbook
}

fn code() -> String {
    use outpost_model::id::{DeviceId, TenantId, UserId};
    let invitation = outpost_model::invitation::Invitation {
        server: "http://127.0.0.1:1".into(),
        tenant: TenantId::parse("acme").unwrap(),
        user: UserId::parse("u-e1").unwrap(),
        device: DeviceId::parse("d-e1").unwrap(),
        code: "CODE".into(),
    };
    invitation.to_string()
}
