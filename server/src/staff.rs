//! People and their phones, as headquarters administers them: what the console's pages and the command line do is done
//! here. Records are decisions of the log, taken by whoever asks; passwords, sessions and codes stand beside it.

use crate::auth::{enrolment, password, secret, session};
use crate::config::Lifetimes;
use crate::relay::{After, ConsoleAct, Denied, Device, DeviceKind, Heads, Relay};
use crate::store::StoreError;
use outpost_model::command::{Ask, RevokeReason};
use outpost_model::id::{CommandId, DeviceId, UserId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;

/// A phone that may be enrolled with this code, once.
pub struct Invited {
    pub device: DeviceId,
    pub code: String,
    pub expires: Millis,
}

/// Why a phone wasn't invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteFault {
    #[error("{0} is no longer active")]
    Inactive(UserId),
    #[error("{0} is enrolled and has its key")]
    HasKey(DeviceId),
    #[error("{0} belongs to {1}")]
    OfAnother(DeviceId, UserId),
    #[error(transparent)]
    Denied(#[from] Denied),
}

impl From<StoreError> for InviteFault {
    fn from(error: StoreError) -> Self {
        Self::Denied(error.into())
    }
}

/// Decides as that person. The same id again is the same decision.
pub fn decide(relay: &Relay, by: &UserId, id: CommandId, ask: Ask) -> Result<(), Denied> {
    relay.act(by, ConsoleAct { id, ask: Some(ask), after: After::Now, heads: Heads::Now, write: None }).map(drop)
}

/// Keeps a person's new password; his sessions under the old one end.
pub fn set_password(relay: &Relay, user: &UserId, phc: String) -> Result<(), StoreError> {
    let Some(tenant) = relay.tenant() else { return Ok(()) };
    let (user, now) = (user.clone(), relay.clock().now());
    relay.store().write(move |tx| {
        password::keep(tx, &tenant, &user, &phc, now)?;
        session::end_all_of(tx, &tenant, &user)
    })
}

/// The phones of a person, in the order of their names.
pub fn phones_of(relay: &Relay, user: &UserId) -> Result<Vec<Device>, StoreError> {
    let mut phones = relay.devices()?;
    phones.retain(|device| device.kind == DeviceKind::Phone && device.user == *user);
    Ok(phones)
}

/// Somebody has just been put on record as gone: his sessions end, and his phones' access with them; those phones come
/// back. What they hold may be handed in once. `id` is the decision that retired him: done again, it is done once.
pub fn see_off(relay: &Relay, by: &UserId, user: &UserId, id: CommandId) -> Result<Vec<DeviceId>, Denied> {
    let phones = phones_of(relay, user)?.into_iter().filter(|phone| phone.revoked.is_none()).map(|phone| phone.device);
    let phones: Vec<DeviceId> = phones.collect();
    for device in &phones {
        let id = CommandId::derived(&["left", &id.to_string(), device.as_str()]);
        decide(relay, by, id, Ask::Revoke { device: device.clone(), reason: RevokeReason::Left })?;
    }
    if let Some(tenant) = relay.tenant() {
        let user = user.clone();
        relay.store().write(move |tx| session::end_all_of(tx, &tenant, &user))?;
    }
    Ok(phones)
}

/// A name for a new phone, `d-USER-7K2QD`: says whose it is, and meets no other.
pub fn name_phone(user: &UserId, random: [u8; 25]) -> DeviceId {
    let owner: String = user.as_str().chars().take(56).collect();
    let tail = &secret::enrolment_code(random)[..5];
    DeviceId::parse(&format!("d-{owner}-{tail}")).expect("a person's code and five letters more")
}

/// Invites a phone: it has a new code, and an older one of it ends. A phone that isn't enrolled is, by the decision `id`.
pub fn invite(
    relay: &Relay,
    (by, id): (&UserId, CommandId),
    user: &UserId,
    device: DeviceId,
    random: [u8; 25],
) -> Result<Invited, InviteFault> {
    let unknown = || Denied::new(Code::PersonUnknown, user.as_str());
    let person = relay.person(user)?.ok_or_else(unknown)?;
    if !person.active {
        return Err(InviteFault::Inactive(person.user));
    }
    let enrolled_now = match relay.device(&device)? {
        Some(row) if row.user != *user => return Err(InviteFault::OfAnother(device, row.user)),
        Some(row) if row.revoked.is_none() && row.public_key.is_some() => return Err(InviteFault::HasKey(device)),
        Some(row) => row.revoked.is_none(),
        None => false,
    };
    let now = relay.clock().now();
    let (code, expires) = (secret::enrolment_code(random), now.plus(Lifetimes::default().enrolment_code));
    let tenant = relay.tenant().ok_or_else(unknown)?;
    let (of, to, kept) = (device.clone(), user.clone(), code.clone());
    relay.store().write(move |tx| enrolment::issue(tx, &tenant, &of, &to, &kept, expires))?;
    // After the new code, which ended every older one: between the two no code of the old phone's may be good.
    if !enrolled_now {
        decide(relay, by, id, Ask::Enrol { device: device.clone(), user: user.clone() })?;
    }
    Ok(Invited { device, code, expires })
}
