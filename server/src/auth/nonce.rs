//! Nonces: what a phone signs to prove, once more, that it still holds its key. Good once, for some minutes.
//!
//! A nonce carries its own age and a MAC, so that giving one out writes nothing: strangers who ask for many cost no
//! disk and push nobody's aside. Only one that came back rightly signed is written down, as spent.

use super::AuthFault;
use super::secret::hash_of;
use crate::store::{change, one};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use outpost_model::id::{DeviceId, TenantId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use rusqlite::{Connection, params};
use sha2::Sha256;

/// Most that one device may spend before the first of them has run out.
const MAX_SPENT: i64 = 100;

/// The key behind the MAC, worked out from one that the data folder keeps.
#[derive(Clone)]
pub struct NonceKey([u8; 32]);

impl NonceKey {
    pub fn from_folder_key(key: &[u8; 32]) -> Self {
        Self(mac(key, &[b"outpost-nonce-key-v1"]))
    }

    pub fn make(&self, tenant: &TenantId, device: &DeviceId, expires: Millis, random: [u8; 16]) -> String {
        let age = expires.0.to_be_bytes();
        let seal = self.seal(tenant, device, &age, &random);
        URL_SAFE_NO_PAD.encode([&age[..], &random, &seal].concat())
    }

    /// When a nonce of ours for this device runs out; none for any other text.
    fn read(&self, tenant: &TenantId, device: &DeviceId, nonce: &str) -> Option<Millis> {
        let bytes: [u8; 40] = URL_SAFE_NO_PAD.decode(nonce).ok()?.try_into().ok()?;
        let (age, rest) = bytes.split_at(8);
        let (random, sent) = rest.split_at(16);
        let seal = self.seal(tenant, device, age, random);
        let differs = seal.iter().zip(sent).fold(0, |differs, (a, b)| differs | (a ^ b));
        let expires = i64::from_be_bytes(age.try_into().ok()?);
        (differs == 0).then_some(Millis(expires))
    }

    fn seal(&self, tenant: &TenantId, device: &DeviceId, age: &[u8], random: &[u8]) -> [u8; 16] {
        let whole = mac(&self.0, &[tenant.as_str().as_bytes(), device.as_str().as_bytes(), age, random]);
        std::array::from_fn(|n| whole[n])
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Whether the nonce is one of ours and in its time. Asked before the signature over it is looked at.
pub fn check(
    key: &NonceKey,
    tenant: &TenantId,
    device: &DeviceId,
    nonce: &str,
    now: Millis,
) -> Result<Millis, AuthFault> {
    let expires = key.read(tenant, device, nonce);
    expires.filter(|expires| now < *expires).ok_or(AuthFault::Refused(Code::NonceInvalid))
}

/// Writes down that it was used. A second time is refused.
pub fn spend(
    store: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    nonce: &str,
    expires: Millis,
    now: Millis,
) -> Result<(), AuthFault> {
    let (tenant, device) = (tenant.as_str(), device.as_str());
    change(
        store,
        "delete from spent_nonce where tenant = $1 and device = $2 and expires_at <= $3",
        params![tenant, device, now.0],
    )?;
    let sql = "select count(*) from spent_nonce where tenant = $1 and device = $2";
    let spent: i64 = one(store, sql, params![tenant, device], |row| row.get(0))?;
    if spent >= MAX_SPENT {
        return Err(AuthFault::Refused(Code::RateLimited));
    }
    let fresh = change(
        store,
        "insert into spent_nonce (tenant, device, nonce_hash, expires_at) values ($1, $2, $3, $4)
         on conflict do nothing",
        params![tenant, device, hash_of("nonce", nonce), expires.0],
    )?;
    if fresh == 1 { Ok(()) } else { Err(AuthFault::Refused(Code::NonceInvalid)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::tables;

    #[test]
    fn a_nonce_is_good_once_in_its_minutes_for_its_device() {
        let store = Connection::open_in_memory().unwrap();
        tables::create(&store).unwrap();
        let key = NonceKey::from_folder_key(&[9; 32]);
        let tenant = TenantId::parse("acme").unwrap();
        let [mine, other] = ["d-1", "d-2"].map(|id| DeviceId::parse(id).unwrap());
        let nonce = key.make(&tenant, &mine, Millis(300), [1; 16]);

        assert_eq!(check(&key, &tenant, &mine, &nonce, Millis(299)).unwrap(), Millis(300));
        assert!(check(&key, &tenant, &mine, &nonce, Millis(300)).is_err());
        assert!(check(&key, &tenant, &other, &nonce, Millis(0)).is_err());
        assert!(check(&NonceKey::from_folder_key(&[8; 32]), &tenant, &mine, &nonce, Millis(0)).is_err());
        for bad in ["", "AAAA", &nonce[1..], &"A".repeat(54)] {
            assert!(check(&key, &tenant, &mine, bad, Millis(0)).is_err(), "{bad}");
        }

        assert!(spend(&store, &tenant, &mine, &nonce, Millis(300), Millis(10)).is_ok());
        assert!(spend(&store, &tenant, &mine, &nonce, Millis(300), Millis(11)).is_err());
    }

    #[test]
    fn what_one_device_leaves_behind_is_bounded() {
        let store = Connection::open_in_memory().unwrap();
        tables::create(&store).unwrap();
        let (tenant, device) = (TenantId::parse("acme").unwrap(), DeviceId::parse("d-1").unwrap());
        let spend = |n: i64, now| spend(&store, &tenant, &device, &n.to_string(), Millis(300), Millis(now));
        assert!((0..MAX_SPENT).all(|n| spend(n, 10).is_ok()));
        assert!(matches!(spend(MAX_SPENT, 10), Err(AuthFault::Refused(Code::RateLimited))));
        assert!(spend(MAX_SPENT, 300).is_ok());
    }
}
