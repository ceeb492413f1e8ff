//! What leaves the phone when it can't sync any more: sealed to headquarters, whatever state the phone is in.

use crate::capture::{open_order, set};
use crate::quarantine::glass;
use crate::relay::{Relay, SEAL, refused};
use crate::rig::{Dice, Rig, START, order, visit};
use crypto_box::SecretKey;
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::host::Keystore;
use outpost_device::rescue::{RescueError, RescueReport, rescue_folder};
use outpost_model::entry::Body;
use outpost_model::id::Hash;
use outpost_model::problem::Code;
use outpost_model::rescue::{MAGIC, Rescue, Signed};
use outpost_model::wire::{What, parse_frame};
use std::collections::BTreeMap;
use std::io;

fn opened(bytes: &[u8]) -> (Signed, Rescue) {
    let sealed = bytes.strip_prefix(MAGIC).unwrap();
    let signed: Signed = parse_frame(&SecretKey::from(SEAL).unseal(sealed).unwrap()).unwrap();
    let rescue = parse_frame(&signed.body).unwrap();
    (signed, rescue)
}

fn rescued(device: &mut Device) -> (RescueReport, Signed, Rescue) {
    let mut file = Vec::new();
    let report = device.rescue(&mut file).unwrap();
    assert_eq!(report.bytes, file.len() as u64);
    let (signed, rescue) = opened(&file);
    (report, signed, rescue)
}

/// One order that was admitted, a refused remark, a visit with a signature that nobody has sent.
fn worked(rig: &Rig, relay: &mut Relay) -> Device {
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(relay).unwrap();
    device.capture(Act::logging(order("WO-1"), set("fault_cause", "轴承"))).unwrap();
    relay.word = Some(Box::new(|name, _| name.contains("set").then(|| refused(Code::NotAllowed, "cause"))));
    device.sync(relay).unwrap();
    assert_eq!(device.quarantine().unwrap().len(), 1);
    device.capture(Act::logging(visit("WO-1"), Body::Arrive { place: None })).unwrap();
    let act = device.signing(glass("WO-1")).unwrap();
    device.capture(act).unwrap();
    device
}

#[test]
fn a_revoked_phone_hands_over_what_was_refused_what_waits_and_the_strokes() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = worked(&rig, &mut relay);
    relay.revoked = true;
    device.sync(&mut relay).unwrap();
    let before = device.sync_state().unwrap();
    let (report, signed, rescue) = rescued(&mut device);
    assert_eq!((report.steps, report.refused, report.strokes, report.photos), (3, 1, 1, 0), "{report:?}");
    assert!(report.signed && report.missing.is_empty(), "{report:?}");
    assert_eq!((rescue.device.as_str(), rescue.user.as_str(), rescue.tenant.as_str()), ("d-e1", "u-e1", "acme"));
    let key = VerifyingKey::from_bytes(&signed.key.unwrap()).unwrap();
    let signature = Signature::from_bytes(&signed.signature.unwrap());
    key.verify(&Signed::text(&signed.body), &signature).unwrap();

    let codes: Vec<_> = rescue.steps.iter().map(|step| step.refused.as_ref().map(|why| why.code.0.as_str())).collect();
    assert_eq!(codes, [Some("not_allowed"), None, None]);
    for step in &rescue.steps {
        let What::Change(place, raw) = &step.what else { panic!("{step:?}") };
        assert!(!raw.is_empty() && !step.entries.is_empty());
        let header = outpost_model::header::Header::parse(&rescue.pages[*place as usize]).unwrap();
        assert_eq!(header.page(), step.page);
    }
    assert!(rescue.steps[0].entries.iter().any(|(_, text)| text.contains("轴承")));
    assert_eq!(rescue.files[0].bytes.as_deref().map(Vec::as_slice), Some(&b"M0 0L9 9"[..]));
    assert_eq!(rescue.files[0].hash, Hash::of(b"M0 0L9 9"));
    // Nothing changed here, and it can be done again.
    assert_eq!(device.sync_state().unwrap().kept, before.kept);
    assert_eq!(rescued(&mut device).2.steps, rescue.steps);
}

#[test]
fn nobody_else_opens_it_and_no_word_of_it_shows() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = worked(&rig, &mut relay);
    let mut file = Vec::new();
    device.rescue(&mut file).unwrap();
    let sealed = file.strip_prefix(MAGIC).unwrap();
    assert!(SecretKey::from([1; 32]).unseal(sealed).is_err());
    let mut altered = sealed.to_vec();
    altered[100] ^= 1;
    assert!(SecretKey::from(SEAL).unseal(&altered).is_err());
    for word in ["轴承".as_bytes(), b"u-e1", b"arrive"] {
        assert!(!file.windows(word.len()).any(|part| part == word));
    }
}

#[test]
fn a_phone_that_never_synced_says_that_it_has_no_key() {
    let rig = Rig::engineer();
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    assert!(matches!(device.rescue(&mut Vec::new()), Err(RescueError::NoSealKey)));
}

struct Gone;

impl Keystore for Gone {
    fn public_key(&mut self) -> io::Result<[u8; 32]> {
        Err(io::Error::other("locked for good"))
    }
    fn sign(&mut self, _: &[u8]) -> io::Result<[u8; 64]> {
        Err(io::Error::other("locked for good"))
    }
}

#[test]
fn a_keystore_that_is_gone_keeps_nothing_back() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    drop(worked(&rig, &mut relay));
    let mut host = rig.host();
    host.keystore = Box::new(Gone);
    let (report, signed, rescue) = rescued(&mut Device::open(rig.store(), host).unwrap());
    assert!(!report.signed && signed.signature.is_none());
    assert_eq!(rescue.steps.len(), 3);
}

#[test]
fn a_damaged_store_gives_what_can_be_read_and_names_that_something_is_missing() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = worked(&rig, &mut relay);
    for n in 0..40 {
        device.capture(Act::logging(order("WO-1"), set("remark", &format!("{n}").repeat(200)))).unwrap();
    }
    let whole: BTreeMap<u32, What> =
        rescued(&mut device).2.steps.into_iter().map(|step| (step.no, step.what)).collect();
    drop(device);
    let file = rig.store().join("outpost.db");
    let bytes = std::fs::read(&file).unwrap();
    let (mut opened_at_all, mut lost) = (0, 0);
    for seed in 1..=60 {
        let mut dice = Dice(seed);
        let mut damaged = bytes.clone();
        match seed % 3 {
            0 => {
                let page = dice.roll((bytes.len() / 4_096) as u32) as usize * 4_096;
                damaged[page..page + 4_096].fill(0xaa);
            }
            1 => damaged.truncate(bytes.len() / 60 * seed as usize),
            _ => (0..20).for_each(|_| damaged[dice.roll(bytes.len() as u32) as usize] ^= 0x11),
        }
        std::fs::write(&file, &damaged).unwrap();
        for name in ["outpost.db-wal", "outpost.db-shm"] {
            let _ = std::fs::remove_file(rig.store().join(name));
        }
        let mut out = Vec::new();
        let Ok(report) = rescue_folder(&rig.store(), rig.host(), &mut out) else { continue };
        opened_at_all += 1;
        let (_, rescue) = opened(&out);
        let is_short = rescue.steps.len() < whole.len();
        lost += usize::from(is_short);
        assert!(!is_short || !report.missing.is_empty(), "seed {seed}: something is missing silently");
    }
    assert!(opened_at_all > 20 && lost > 0, "{opened_at_all} of 60, {lost} with losses");
}

#[test]
fn a_key_that_answers_later_signs_what_was_put_together() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = worked(&rig, &mut relay);
    let unsealed = device.put_together_rescue().unwrap();
    rig.watch.pass(5_000);
    let signature = rig.host().keystore.sign(&unsealed.message()).unwrap();
    let (file, report) = device.seal_rescue(unsealed, Some(signature)).unwrap();
    let (signed, rescue) = opened(&file);
    assert!(report.signed && rescue.steps.len() == 3);
    let key = VerifyingKey::from_bytes(&signed.key.unwrap()).unwrap();
    key.verify(&Signed::text(&signed.body), &Signature::from_bytes(&signature)).unwrap();
    assert_eq!(signed.signature, Some(signature));
}
