//! Secrets that are handed out once: how they read, and the hash that is kept of them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Digits of a code that people may have to type: no I, L, O, U.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 125 random bits in five groups of five: `7K2QD-…`. Long enough that nobody guesses one in its week.
pub fn enrolment_code(random: [u8; 25]) -> String {
    let digits: Vec<char> = random.iter().map(|byte| char::from(CROCKFORD[usize::from(byte & 31)])).collect();
    digits.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// The code as it was given out, whatever a typing hand made of it.
pub fn typed_code(text: &str) -> String {
    let digits =
        text.chars().filter(char::is_ascii_alphanumeric).take(64).map(|digit| match digit.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            digit => digit,
        });
    let digits: Vec<char> = digits.collect();
    digits.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A nonce, a session, a password of ours.
pub fn opaque(random: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(random)
}

/// What is kept of a secret. Plain SHA-256 does: these are random, not chosen by people.
pub fn hash_of(purpose: &str, secret: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(purpose.as_bytes());
    hash.update([0]);
    hash.update(secret.as_bytes());
    hex::encode(hash.finalize())
}

/// Compares without telling by its time how far the two agree.
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_the_hand_that_types_it() {
        let code = enrolment_code(std::array::from_fn(|n| n as u8));
        assert_eq!(code, "01234-56789-ABCDE-FGHJK-MNPQR");
        assert_eq!(typed_code(" o1234 56789 abcde fghjk mnpqr "), code);
        assert_eq!(typed_code("OI234-56789-ABCDE-FGHJK-MNPQR"), code);
    }

    #[test]
    fn a_hash_depends_on_its_purpose() {
        assert_ne!(hash_of("nonce", "x"), hash_of("session", "x"));
        assert!(same("ab", "ab") && !same("ab", "ac") && !same("ab", "abc"));
    }
}
