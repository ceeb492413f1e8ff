//! HTTP over ureq: blocking, one connection kept open. Plain HTTP is spoken to this very machine only.

use crate::report::Fault;
use crate::session::frame::{Answer, Call, Method};
use crate::sync::Transport;
use std::net::IpAddr;
use std::time::Duration;
use ureq::http::{Request, Uri};
use ureq::{Agent, Error};

/// Larger than any body that a server sends.
const MAX_BODY: u64 = 32 << 20;
/// Connections idle for longer aren't used again: the relay closes them after 15 s.
const IDLE: Duration = Duration::from_secs(5);

pub struct HttpTransport {
    agent: Agent,
    server: String,
}

impl HttpTransport {
    /// `server` as in the invitation: scheme, host, port if need be.
    pub fn new(server: &str) -> Result<Self, Fault> {
        let bad = || Fault::BadAddress(server.to_owned());
        let uri: Uri = server.parse().map_err(|_| bad())?;
        let host = uri.host().ok_or_else(bad)?;
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_this_machine(host) => {}
            _ => return Err(bad()),
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_age(IDLE)
            .timeout_connect(Some(Duration::from_secs(20)))
            .timeout_global(Some(Duration::from_secs(120)))
            .build();
        Ok(Self { agent: config.into(), server: server.trim_end_matches('/').to_owned() })
    }
}

/// A loopback address, or `localhost` to the letter: a name that only begins like one may be anywhere.
fn is_this_machine(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Transport for HttpTransport {
    fn call(&mut self, call: &Call) -> Result<Answer, Fault> {
        let method = match call.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
        };
        let mut request = Request::builder().method(method).uri(format!("{}{}", self.server, call.path));
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        let request = request.body(call.body.as_slice()).map_err(|_| Fault::BadAddress(self.server.clone()))?;
        let mut response = self.agent.run(request).map_err(fault)?;
        let header = |name: &str| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let encoding = header("content-encoding");
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(MAX_BODY).read_to_vec().map_err(fault)?;
        Ok(Answer { status, encoding, body })
    }
}

fn fault(error: Error) -> Fault {
    match error {
        Error::BodyExceedsLimit(_) => Fault::TooLarge,
        Error::Io(_) | Error::Timeout(_) => Fault::Broken(error.to_string()),
        _ => Fault::Unreachable(error.to_string()),
    }
}
