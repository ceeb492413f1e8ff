//! Enrolment: a one-time code becomes the public key of one phone.
//!
//! The same code with the same key says the same again, so that a lost answer locks nobody out. Another key on a used
//! code is refused, and so is everything about a code that ran out. Whether the device takes the key is the relay's
//! to say; here only the code is spent.

use super::AuthFault;
use super::secret::{hash_of, typed_code};
use crate::store::{StoreError, change, probe};
use ed25519_dalek::{Signature, VerifyingKey};
use outpost_model::id::{DeviceId, TenantId, UserId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use rusqlite::{Connection, params};

/// What a phone shows for itself.
pub struct Claim {
    pub tenant: TenantId,
    pub code: String,
    pub device: DeviceId,
    pub public_key: [u8; 32],
    /// Over [`proof_text`], by the secret half.
    pub proof: [u8; 64],
}

/// The text whose signature proves that the phone holds the key. The code stands in it as it was sent.
pub fn proof_text(tenant: &str, code: &str, device: &str) -> String {
    format!("outpost-enrol-v1\n{tenant}\n{code}\n{device}")
}

/// Keeps a new code for a device; an older one for it ends.
pub fn issue(
    store: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    person: &UserId,
    code: &str,
    expires: Millis,
) -> Result<(), StoreError> {
    change(
        store,
        "delete from enrolment_code where tenant = $1 and device = $2",
        params![tenant.as_str(), device.as_str()],
    )?;
    change(
        store,
        "insert into enrolment_code (tenant, code_hash, device, person, expires_at) values ($1, $2, $3, $4, $5)",
        params![tenant.as_str(), hash_of("enrol", code), device.as_str(), person.as_str(), expires.0],
    )?;
    Ok(())
}

/// Spends the code on the phone's key, and says whose phone it is.
pub fn redeem(store: &Connection, claim: &Claim, now: Millis) -> Result<UserId, AuthFault> {
    let refused = || AuthFault::Refused(Code::CodeInvalid);
    let key = VerifyingKey::from_bytes(&claim.public_key).map_err(|_| refused())?;
    let text = proof_text(claim.tenant.as_str(), &claim.code, claim.device.as_str());
    key.verify_strict(text.as_bytes(), &Signature::from_bytes(&claim.proof)).map_err(|_| refused())?;

    type Row = (String, String, i64, Option<[u8; 32]>);
    let hash = hash_of("enrol", &typed_code(&claim.code));
    let row: Option<Row> = probe(
        store,
        "select device, person, expires_at, redeemed_key from enrolment_code where tenant = $1 and code_hash = $2",
        params![claim.tenant.as_str(), hash],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    let (device, person, expires, redeemed) = row.ok_or_else(refused)?;
    let is_spent_on_another = redeemed.is_some_and(|before| before != claim.public_key);
    if device != claim.device.as_str() || now.0 >= expires || is_spent_on_another {
        return Err(refused());
    }
    let sql = "update enrolment_code set redeemed_key = $1 where tenant = $2 and code_hash = $3";
    change(store, sql, params![claim.public_key, claim.tenant.as_str(), hash])?;
    UserId::parse(&person).map_err(|_| refused())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::tables;
    use ed25519_dalek::{Signer, SigningKey};

    const CODE: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE";
    const NEW: &str = "ZZZZZ-BBBBB-CCCCC-DDDDD-EEEEE";

    struct Desk(Connection);

    impl Desk {
        fn with_code(code: &str) -> Self {
            let store = Connection::open_in_memory().unwrap();
            tables::create(&store).unwrap();
            let desk = Self(store);
            desk.issue(code);
            desk
        }
        fn issue(&self, code: &str) {
            let (tenant, device) = (TenantId::parse("acme").unwrap(), DeviceId::parse("d-1").unwrap());
            issue(&self.0, &tenant, &device, &UserId::parse("u-1").unwrap(), code, Millis(1_000)).unwrap();
        }
        fn redeem(&self, code: &str, key: u8, at: i64) -> Result<String, AuthFault> {
            let key = SigningKey::from_bytes(&[key; 32]);
            let claim = Claim {
                tenant: TenantId::parse("acme").unwrap(),
                code: code.into(),
                device: DeviceId::parse("d-1").unwrap(),
                public_key: key.verifying_key().to_bytes(),
                proof: key.sign(proof_text("acme", code, "d-1").as_bytes()).to_bytes(),
            };
            redeem(&self.0, &claim, Millis(at)).map(|user| user.to_string())
        }
    }

    #[test]
    fn a_code_is_good_once_but_says_the_same_to_the_same_key() {
        let desk = Desk::with_code(CODE);
        assert_eq!(desk.redeem(CODE, 1, 10).unwrap(), "u-1");
        assert_eq!(desk.redeem(CODE, 1, 20).unwrap(), "u-1");
        assert!(desk.redeem(CODE, 2, 20).is_err());
    }

    #[test]
    fn a_code_that_ran_out_or_was_replaced_is_refused() {
        let desk = Desk::with_code(CODE);
        assert!(desk.redeem(CODE, 1, 1_000).is_err());
        desk.issue(NEW);
        assert!(desk.redeem(CODE, 1, 10).is_err());
        assert!(desk.redeem(NEW, 1, 10).is_ok());
    }
}
