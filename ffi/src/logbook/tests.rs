use super::*;
use crate::host::{Clock, ClockReading, HostTrouble};
use crate::trouble::Trouble;
use std::sync::atomic::{AtomicU32, Ordering};

struct Noon;

impl Clock for Noon {
    fn read(&self) -> Result<ClockReading, HostTrouble> {
        Ok(ClockReading { now: 1_790_000_000_000, zone_minutes: 480, monotonic: Some(1) })
    }
}

fn code() -> String {
    let invitation = Invitation {
        server: "http://127.0.0.1:1".into(),
        tenant: outpost_model::id::TenantId::parse("acme").unwrap(),
        user: outpost_model::id::UserId::parse("u-e1").unwrap(),
        device: outpost_model::id::DeviceId::parse("d-e1").unwrap(),
        code: "CODE".into(),
    };
    invitation.to_string()
}

fn logbook(folder: &std::path::Path) -> Arc<LogbookCore> {
    let host = Host {
        folder: folder.to_string_lossy().into_owned(),
        no_backup_folder: None,
        app: "test 0".into(),
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

#[test]
fn a_panic_doesnt_cross_and_the_logbook_goes_on_from_disk() {
    let folder = tempfile::tempdir().unwrap();
    let logbook = logbook(folder.path());
    logbook.capture(Act::ClockIn { place: None }, None).unwrap();
    let fallen = logbook.with::<()>(|device| {
        device.perform(Act::ClockOut { place: None }, None).unwrap();
        panic!("in the middle");
    });
    assert!(
        matches!(&fallen, Err(Trouble::Fallen { told }) if told.code == "core_fell" && told.detail == "in the middle")
    );
    // What was on disk is there, and the next act, too.
    assert!(logbook.today().unwrap().duty.since.is_none());
    logbook.capture(Act::ClockIn { place: None }, None).unwrap();
    assert_eq!(logbook.sync_view().unwrap().waiting.len(), 3);
}

#[test]
fn a_suspended_logbook_lets_go_of_its_files_and_the_next_call_opens_them() {
    let folder = tempfile::tempdir().unwrap();
    let logbook = logbook(folder.path());
    logbook.capture(Act::ClockIn { place: None }, None).unwrap();
    logbook.suspend();
    assert!(!folder.path().join("store/outpost.db-wal").exists(), "the log was written back and removed");
    assert!(logbook.today().unwrap().duty.since.is_some());
    logbook.shut();
    let closed = logbook.today();
    assert!(matches!(closed, Err(Trouble::Busy { told }) if told.code == "logbook_closed"));
}

/// An observer that asks back: it would wait for ever for a lock that is held while it is called.
struct Asker {
    logbook: Mutex<Weak<LogbookCore>>,
    told: AtomicU32,
}

impl Observer for Asker {
    fn changed(&self, _: Change) -> Result<(), HostTrouble> {
        let logbook = self.logbook.lock().unwrap().upgrade().unwrap();
        logbook.today().map_err(|trouble| HostTrouble::Failed { reason: trouble.to_string() })?;
        self.told.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

#[test]
fn an_observer_may_call_back_until_it_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let logbook = logbook(folder.path());
    let asker = Arc::new(Asker { logbook: Mutex::new(Arc::downgrade(&logbook)), told: AtomicU32::new(0) });
    let number = logbook.observe(asker.clone());
    logbook.capture(Act::ClockIn { place: None }, None).unwrap();
    assert_eq!(asker.told.load(Ordering::SeqCst), 1);
    logbook.stop_observing(number);
    logbook.capture(Act::ClockOut { place: None }, None).unwrap();
    assert_eq!(asker.told.load(Ordering::SeqCst), 1);
}

#[test]
fn a_sync_without_a_network_ends_and_says_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let logbook = logbook(folder.path());
    logbook.capture(Act::ClockIn { place: None }, None).unwrap();
    let run = logbook.clone().begin_sync().unwrap();
    let second = logbook.clone().begin_sync();
    assert!(matches!(second, Err(Trouble::Busy { told }) if told.code == "sync_going"));
    let step = run.step().unwrap();
    let end = step.end.unwrap();
    assert_eq!(end.outcome, outpost_device::talk::SyncOutcome::NoAnswer, "{end:?}");
    assert!(step.left.steps >= 1);
    // Another may begin now; a cancelled one ends without a call.
    let run = logbook.clone().begin_sync().unwrap();
    run.cancel();
    assert_eq!(run.step().unwrap().end.unwrap().outcome, outpost_device::talk::SyncOutcome::Cancelled);
}

#[test]
fn every_trouble_has_a_code_and_says_what_to_do_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let logbook = logbook(folder.path());
    let unknown = logbook.capture(Act::Arrive { visit: PageId([9; 16]), place: None }, None).unwrap_err();
    assert!(matches!(unknown, Trouble::Unknown { .. }), "{unknown}");
    let misfit = logbook.capture(Act::Task { minutes: u32::MAX, note: String::new() }, None).unwrap_err();
    assert!(matches!(misfit, Trouble::DoesNotFit { .. }), "{misfit}");
    let bad = logbook.enrol("OUTPOST1:x".into()).unwrap_err();
    assert!(matches!(bad, Trouble::NotEnrolled { .. }), "{bad}");
    for trouble in
        [unknown, misfit, bad, Trouble::closed(), Trouble::syncing(), Trouble::host("x"), Trouble::fallen("x")]
    {
        let told = trouble.told();
        assert_eq!(Code::parse(&told.code).map(Code::number), Some(told.number));
        assert!(!told.zh.is_empty() && !told.en.is_empty());
    }
}
