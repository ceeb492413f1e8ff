//! Passwords: argon2id, the cost settled by the library's defaults. Checking one takes tens of milliseconds and
//! 19 MiB on purpose: callers run it on blocking threads, a few at a time.

use super::secret::enrolment_code;
use crate::store::{StoreError, change, probe};
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use outpost_model::id::{TenantId, UserId};
use outpost_model::time::Millis;
use rusqlite::{Connection, params};

/// Shortest password taken. Length is the only rule that helps.
pub const MIN_LENGTH: usize = 10;
/// Longest: what comes in is bounded.
pub const MAX_LENGTH: usize = 256;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    #[error("a password has {MIN_LENGTH} to {MAX_LENGTH} characters")]
    Length,
    #[error("the password couldn't be hashed: {0}")]
    Hash(String),
}

/// A password that a person can read out and type: seventeen characters, 75 random bits.
pub fn made_up(random: [u8; 25]) -> String {
    enrolment_code(random)[..17].to_owned()
}

/// Of nobody's password: a well-formed hash at the same cost.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// The text that is stored of a password.
pub fn hash(password: &str, salt: [u8; 16]) -> Result<String, BadPassword> {
    if !(MIN_LENGTH..=MAX_LENGTH).contains(&password.chars().count()) || password.len() > 4 * MAX_LENGTH {
        return Err(BadPassword::Length);
    }
    let failed = |e: argon2::password_hash::Error| BadPassword::Hash(e.to_string());
    let salt = SaltString::encode_b64(&salt).map_err(failed)?;
    Ok(argon().hash_password(password.as_bytes(), &salt).map_err(failed)?.to_string())
}

/// Whether it is the password. Without a stored one the same work is done, so that time doesn't tell who exists.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    if password.len() > 4 * MAX_LENGTH {
        return false;
    }
    let Ok(parsed) = PasswordHash::new(stored.unwrap_or(NOBODY)) else { return false };
    argon().verify_password(password.as_bytes(), &parsed).is_ok() && stored.is_some()
}

/// Keeps a person's password; an older one ends.
pub fn keep(store: &Connection, tenant: &TenantId, user: &UserId, phc: &str, now: Millis) -> Result<(), StoreError> {
    change(
        store,
        "insert into password (tenant, person, phc, changed_at) values ($1, $2, $3, $4)
         on conflict (tenant, person) do update set phc = excluded.phc, changed_at = excluded.changed_at",
        params![tenant.as_str(), user.as_str(), phc, now.0],
    )?;
    Ok(())
}

pub fn stored_of(store: &Connection, tenant: &TenantId, user: &UserId) -> Result<Option<String>, StoreError> {
    let sql = "select phc from password where tenant = $1 and person = $2";
    probe(store, sql, params![tenant.as_str(), user.as_str()], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_nobodys_never_fits() {
        let stored = hash("correct horse battery", [7; 16]).unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse battery", Some(&stored)));
        assert!(!verify("correct horse batterie", Some(&stored)));
        assert!(PasswordHash::new(NOBODY).is_ok() && !verify("correct horse battery", None));
        assert_eq!(hash("short", [0; 16]), Err(BadPassword::Length));
    }
}
