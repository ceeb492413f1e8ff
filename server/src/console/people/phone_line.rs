//! A phone in a line: its state, what it said of itself when it was last heard, and the reasons to lock one out.

use super::super::show::Almanac;
use super::super::words::Words;
use crate::relay::Device;
use outpost_model::command::RevokeReason;

/// A phone as lists show it.
pub struct PhoneLine {
    pub device: String,
    pub look: &'static str,
    pub icon: &'static str,
    pub state: String,
    pub contact: String,
    /// What it held unsent when it was last heard, if it did.
    pub unsent: Option<String>,
    pub app: String,
    pub is_enrolled: bool,
    pub is_revoked: bool,
}

impl PhoneLine {
    pub fn of(device: &Device, almanac: &Almanac<'_>) -> Self {
        let w = almanac.w;
        let (look, icon, state) = match (&device.revoked, &device.public_key) {
            (Some((reason, at)), _) => {
                ("slate bare", "ban", w.phone_revoked(reason_word(w, *reason), almanac.day(*at)))
            }
            (None, None) => ("blue outlined", "hourglass", w.phone_invited().to_owned()),
            (None, Some(_)) => ("green bare", "device-mobile", w.phone_enrolled().to_owned()),
        };
        Self {
            device: device.device.to_string(),
            look,
            icon,
            state,
            contact: match device.contact {
                Some((_, at)) => w.phone_contact(almanac.moment(at)),
                None => w.never_contacted().to_owned(),
            },
            unsent: (device.unsent > 0).then(|| w.phone_unsent(device.unsent)),
            app: device.app.clone(),
            is_enrolled: device.public_key.is_some(),
            is_revoked: device.revoked.is_some(),
        }
    }
}

pub const REASONS: [RevokeReason; 4] =
    [RevokeReason::Lost, RevokeReason::Stolen, RevokeReason::Replaced, RevokeReason::Left];

pub fn reason_name(reason: RevokeReason) -> &'static str {
    match reason {
        RevokeReason::Lost => "lost",
        RevokeReason::Stolen => "stolen",
        RevokeReason::Replaced => "replaced",
        RevokeReason::Left => "left",
    }
}

pub fn reason_word(w: Words, reason: RevokeReason) -> &'static str {
    match reason {
        RevokeReason::Lost => w.revoke_lost(),
        RevokeReason::Stolen => w.revoke_stolen(),
        RevokeReason::Replaced => w.revoke_replaced(),
        RevokeReason::Left => w.revoke_left(),
    }
}

pub fn reason_means(w: Words, reason: RevokeReason) -> &'static str {
    match reason {
        RevokeReason::Lost | RevokeReason::Stolen => w.revoke_means_nothing(),
        RevokeReason::Replaced | RevokeReason::Left => w.revoke_means_review(),
    }
}
