//! The invitation: what headquarters shows as a QR code, or reads out. It tells the phone whose it is and where to
//! find the server, so that capture can begin at once; the one-time code inside is redeemed in the first sync.

use crate::id::{DeviceId, TenantId, UserId};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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

/// What a person typed or a browser reached is no address that phones take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no server address: it reads https://HOST, or http://127.0.0.1:PORT for a trial on this machine")]
pub struct BadServer(pub String);

/// The address of a server for an invitation: phones take HTTPS, and plain HTTP only to the machine they run on.
pub fn parse_server(typed: &str) -> Result<String, BadServer> {
    let server = typed.trim().trim_end_matches('/').to_owned();
    let rest = server.strip_prefix("http://").map(|rest| rest.split('/').next().unwrap_or_default());
    let host = rest.map(|rest| {
        rest.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(rest, |(host, _)| host)
    });
    let is_here = matches!(host, Some("127.0.0.1" | "localhost" | "[::1]"));
    let is_secure = server.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
    let is_plain = server.len() <= 200 && server.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    if is_plain && (is_here || is_secure) { Ok(server) } else { Err(BadServer(server)) }
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

    #[test]
    fn phones_are_sent_to_https_or_to_this_machine() {
        for good in [
            "https://a.example",
            "https://a.example:8443/",
            "http://127.0.0.1:7700",
            "http://localhost",
            "http://[::1]:7700",
        ] {
            assert_eq!(parse_server(good), Ok(good.trim_end_matches('/').to_owned()), "{good}");
        }
        for bad in [
            "http://a.example",
            "a.example",
            "ftp://a",
            "https://",
            "https://a b",
            "http://127.0.0.1.evil.example",
            "http://[2001:db8::1]:80",
        ] {
            assert!(parse_server(bad).is_err(), "{bad}");
        }
    }
}
