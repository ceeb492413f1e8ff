//! Tokens and nonces: none is good that this server didn't make.

#![no_main]

use libfuzzer_sys::fuzz_target;
use outpost_model::id::{DeviceId, TenantId};
use outpost_model::time::Millis;
use outpost_server::auth::signing_key::KeyRing;
use outpost_server::auth::{nonce, secret, token};
use std::sync::LazyLock;

const NOW: Millis = Millis(1_791_417_600_000);

static RING: LazyLock<KeyRing> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("outpost-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    KeyRing::open(&folder, 900_000, NOW, [7; 32]).expect("a key")
});

fuzz_target!(|text: &str| {
    let (tenant, device) = (TenantId::parse("acme").expect("a code"), DeviceId::parse("d-1").expect("a code"));
    assert!(token::verify(&RING, text, NOW).is_err());
    let key = nonce::NonceKey::from_folder_key(&[7; 32]);
    assert!(nonce::check(&key, &tenant, &device, text, NOW).is_err());
    let typed = secret::typed_code(text);
    assert_eq!(secret::typed_code(&typed), typed);
});
