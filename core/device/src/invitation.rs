//! The invitation: what headquarters shows as a QR code, or reads out. It tells the phone whose it is and where to
//! find the server, so that capture can begin at once; the one-time code inside is redeemed in the first sync.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outpost_model::id::{DeviceId, TenantId, UserId};
use serde::{Deserialize, Serialize};
use std::fmt;

const PREFIX: &str = "OUTPOST1:";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Address of the server, `https://…`.
    pub server: String,
    pub tenant: TenantId,
    pub user: UserId,
    pub device: DeviceId,
    /// Good once, for this device.
    pub code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadInvitation {
    #[error("an invitation begins with {PREFIX}; scan the whole code")]
    Prefix,
    #[error("the invitation was cut off or mistyped; scan it again")]
    Content,
}

impl Invitation {
    pub fn parse(text: &str) -> Result<Self, BadInvitation> {
        let coded = text.trim().strip_prefix(PREFIX).ok_or(BadInvitation::Prefix)?;
        let json = URL_SAFE_NO_PAD.decode(coded).map_err(|_| BadInvitation::Content)?;
        serde_json::from_slice(&json).map_err(|_| BadInvitation::Content)
    }
}

impl fmt::Display for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(self).map_err(|_| fmt::Error)?;
        write!(f, "{PREFIX}{}", URL_SAFE_NO_PAD.encode(json))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_reads_back_as_it_was_printed() {
        let invitation = Invitation {
            server: "https://outpost.example".into(),
            tenant: TenantId::parse("acme").unwrap(),
            user: UserId::parse("u-e1").unwrap(),
            device: DeviceId::parse("d-e1").unwrap(),
            code: "7KQM-2XTD".into(),
        };
        let text = invitation.to_string();
        assert_eq!(Invitation::parse(&format!(" {text}\n")), Ok(invitation));
        assert_eq!(Invitation::parse(&text[..text.len() - 3]), Err(BadInvitation::Content));
        assert_eq!(Invitation::parse("https://outpost.example"), Err(BadInvitation::Prefix));
    }
}
