//! The countersignature: the server's own word, for anybody, that it had a customer's signature over that digest, and
//! when. Made of what the log's row says, by a key that is worked out from the one for rows' codes and so lies outside
//! the database: the same row gives the same bytes whenever it is asked for, also after a restore.

use super::Relay;
use super::book::Book;
use crate::store::StoreError;
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, Mac};
use outpost_model::entry::Body;
use outpost_model::id::{EntryId, Hash, PageId, TenantId, UserId};
use outpost_model::time::Millis;
use sha2::Sha256;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Countersigned {
    pub tenant: TenantId,
    pub visit: PageId,
    /// The entry `sign`.
    pub entry: EntryId,
    /// What it was signed over.
    pub digest: Hash,
    pub received: Millis,
    /// Which key signed.
    pub key: String,
    pub signature: [u8; 64],
}

impl Countersigned {
    /// What the key signs; whoever has the public key works it out anew.
    pub fn text(&self) -> String {
        let Self { tenant, visit, entry, digest, received, .. } = self;
        format!("outpost-countersignature-v1\n{tenant}\n{visit}\n{entry}\n{digest}\n{}", received.0)
    }
}

impl Relay {
    /// The public half of the key that countersigns, with its name.
    pub fn countersigning_key(&self) -> (String, [u8; 32]) {
        let public = self.key().verifying_key().to_bytes();
        (Hash::of(&public).to_string()[..16].to_owned(), public)
    }

    /// The countersignature of a signature on a visit that this person sees; none where there is no such.
    pub fn countersigned(
        &self,
        reader: &UserId,
        visit: PageId,
        entry: EntryId,
    ) -> Result<Option<Countersigned>, StoreError> {
        let Some(tenant) = self.context.tenant.get() else { return Ok(None) };
        let found = self.store.read(|db| {
            if super::pull::visible_since(db, tenant, reader, visit)?.is_none() {
                return Ok(None);
            }
            let Some(hot) = Book::look(db, tenant, &self.context)?.page(visit)? else { return Ok(None) };
            let signed = hot.index.entry(&entry).and_then(|row| match &row.entry.body {
                Body::Sign(signature) => Some((signature.digest, hot.envelope(&row.change)?.admitted?.received)),
                _ => None,
            });
            Ok(signed)
        })?;
        let Some((digest, received)) = found else { return Ok(None) };
        let (key, _) = self.countersigning_key();
        let tenant = tenant.clone();
        let mut word = Countersigned { tenant, visit, entry, digest, received, key, signature: [0; 64] };
        word.signature = self.key().sign(word.text().as_bytes()).to_bytes();
        Ok(Some(word))
    }

    fn key(&self) -> SigningKey {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.context.mac_key).expect("a key of any length will do");
        mac.update(b"outpost countersigning key 1");
        SigningKey::from_bytes(&mac.finalize().into_bytes().into())
    }
}
