//! Where the relay listens, and what protects the way there. Loopback needs nothing; any other address carries
//! passwords and tokens over a network, so it needs TLS here or a proxy in front that has it.

use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exposure {
    /// Only this machine reaches it.
    Loopback,
    Tls {
        cert: PathBuf,
        key: PathBuf,
    },
    /// A proxy in front speaks TLS, and says in `X-Forwarded-For` whom it speaks for.
    BehindProxy,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExposureFault {
    #[error(
        "{0} can be reached from other machines, and without TLS everybody on the way could read along.\n\
         Give --tls-cert FILE and --tls-key FILE, or --behind-proxy if a proxy in front speaks TLS,\n\
         or listen on 127.0.0.1 only."
    )]
    Unprotected(SocketAddr),
    #[error("--tls-cert and --tls-key belong together: {0} is missing.")]
    HalfTls(&'static str),
    #[error("--behind-proxy and --tls-cert exclude each other: TLS ends either at the proxy or here.")]
    Both,
}

impl Exposure {
    pub fn choose(
        listen: SocketAddr,
        cert: Option<PathBuf>,
        key: Option<PathBuf>,
        behind_proxy: bool,
    ) -> Result<Self, ExposureFault> {
        match (cert, key) {
            (Some(_), Some(_)) if behind_proxy => Err(ExposureFault::Both),
            (Some(cert), Some(key)) => Ok(Self::Tls { cert, key }),
            (Some(_), None) => Err(ExposureFault::HalfTls("--tls-key")),
            (None, Some(_)) => Err(ExposureFault::HalfTls("--tls-cert")),
            (None, None) if behind_proxy => Ok(Self::BehindProxy),
            (None, None) if listen.ip().is_loopback() => Ok(Self::Loopback),
            (None, None) => Err(ExposureFault::Unprotected(listen)),
        }
    }

    /// Whether browsers reach it over HTTPS, so that cookies must never travel otherwise.
    pub fn is_https(&self) -> bool {
        !matches!(self, Self::Loopback)
    }

    pub fn is_behind_proxy(&self) -> bool {
        matches!(self, Self::BehindProxy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_loopback_is_open_without_protection() {
        let choose = |addr: &str, cert: bool, key: bool, proxy| {
            let path = |given: bool| given.then(|| PathBuf::from("x.pem"));
            Exposure::choose(addr.parse().unwrap(), path(cert), path(key), proxy)
        };
        assert_eq!(choose("127.0.0.1:7700", false, false, false), Ok(Exposure::Loopback));
        assert_eq!(choose("[::1]:7700", false, false, false), Ok(Exposure::Loopback));
        for open in ["0.0.0.0:7700", "[::]:7700", "192.168.1.4:80"] {
            assert!(matches!(choose(open, false, false, false), Err(ExposureFault::Unprotected(_))), "{open}");
            assert!(choose(open, true, true, false).is_ok() && choose(open, false, false, true).is_ok());
            assert!(choose(open, true, false, false).is_err() && choose(open, false, true, true).is_err());
        }
        assert_eq!(choose("0.0.0.0:1", true, true, true), Err(ExposureFault::Both));
    }
}
