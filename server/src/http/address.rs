//! Where a request comes from: the connection's other end, or whom a trusted proxy says it speaks for.

use super::gateway::Gateway;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientAddress {
    pub ip: IpAddr,
    /// On this very machine, with no proxy between.
    pub is_here: bool,
}

impl FromRequestParts<Arc<Gateway>> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        // In-process callers have no connection; they are this machine.
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)).to_canonical();
        if !gateway.settings.exposure.is_behind_proxy() {
            return Ok(Self { ip: peer, is_here: peer.is_loopback() });
        }
        // Only the last is the proxy's own word; whatever stands before it the client wrote.
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let forwarded = forwarded.and_then(|value| value.to_str().ok()).and_then(|list| list.rsplit(',').next());
        let ip = forwarded.and_then(|ip| ip.trim().parse().ok()).unwrap_or(peer);
        Ok(Self { ip, is_here: false })
    }
}

impl ClientAddress {
    /// The key under which attempts are counted: an IPv6 subscriber has a whole /64.
    pub fn throttle_key(&self) -> String {
        match self.ip {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("{:x?}", &ip.segments()[..4]),
        }
    }
}
