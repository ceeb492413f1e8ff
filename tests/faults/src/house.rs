//! The server in this process, behind its own HTTP on loopback: where a test must hold the disk or the clock in its hand.

use crate::company::Company;
use outpost_server::clock::Clock;
use outpost_server::config::DataFolder;
use outpost_server::http::{self, Gateway, Settings};
use outpost_server::relay::Relay;
use std::net::TcpListener;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

pub struct House {
    pub address: String,
    pub relay: Arc<Relay>,
    stop: Option<oneshot::Sender<()>>,
    runtime: Option<Runtime>,
}

impl House {
    /// None where the disk doesn't let it start.
    pub fn open(company: &Company, clock: Arc<dyn Clock>) -> Option<Self> {
        let relay = company.try_open(clock).ok()?;
        let settings = Settings::new(DataFolder::prepare(&company.folder).expect("a folder"));
        let gateway = Gateway::open(relay.clone(), settings).ok()?;
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().ok()?;
        let (stop, stopped) = oneshot::channel();
        runtime.spawn(http::serve(listener, gateway, async {
            // It is told to stop, or nobody is left who could.
            let _ = stopped.await;
        }));
        Some(Self { address, relay, stop: Some(stop), runtime: Some(runtime) })
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(std::time::Duration::from_secs(2));
        }
    }
}
