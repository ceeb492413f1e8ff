//! The listener: takes connections, with or without TLS, until it is told to stop; then lets requests finish.
//! Small answers leave at once (`TCP_NODELAY`): a word of news mustn't wait for an acknowledgement.

use super::gateway::Gateway;
use crate::config::Exposure;
use axum::Router;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A connection that doesn't finish its request's head in this time is closed. Longer than clients keep idle
/// connections for, so that none is closed under a request.
const HEAD: Duration = Duration::from_secs(30);
/// Largest head of a request.
const HEAD_BYTES: usize = 32 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum ServeFault {
    #[error("{0} or {1} can't be used for TLS: {2}\nBoth are PEM files; the certificate's file holds the whole chain.")]
    Tls(PathBuf, PathBuf, std::io::Error),
    #[error("{0}\n{files}", files = super::gateway::FILES)]
    Files(String),
    #[error("the listener: {0}")]
    Listen(#[from] std::io::Error),
}

/// Serves on that listener until `shutdown` is done, then finishes what is under way.
pub async fn serve(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeFault> {
    serve_with(listener, gateway, Router::new(), shutdown).await
}

/// The same, with pages for people beside what phones and tools ask.
pub async fn serve_with(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    pages: Router<Arc<Gateway>>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeFault> {
    listener.set_nonblocking(true)?;
    gateway.try_files().await.map_err(ServeFault::Files)?;
    let handle = Handle::new();
    let (stopper, closing, grace) = (handle.clone(), gateway.clone(), gateway.settings().limits.shutdown);
    let waiting = tokio::spawn(async move {
        shutdown.await;
        closing.close();
        stopper.graceful_shutdown(Some(grace));
    });
    let sweeping = tokio::spawn(super::sweeping::keep_swept(gateway.clone()));
    let exposure = gateway.settings().exposure.clone();
    let service = super::app_with(gateway, pages).into_make_service_with_connect_info::<SocketAddr>();
    let served = match exposure {
        Exposure::Tls { cert, key } => {
            let config = tls(&cert, &key).await.map_err(|error| ServeFault::Tls(cert, key, error))?;
            let acceptor = RustlsAcceptor::new(config).acceptor(NoDelayAcceptor::new());
            let mut server = axum_server::from_tcp(listener)?.acceptor(acceptor);
            limit_heads(server.http_builder());
            server.handle(handle).serve(service).await
        }
        Exposure::Loopback | Exposure::BehindProxy => {
            let mut server = axum_server::from_tcp(listener)?.acceptor(NoDelayAcceptor::new());
            limit_heads(server.http_builder());
            server.handle(handle).serve(service).await
        }
    };
    waiting.abort();
    sweeping.abort();
    Ok(served?)
}

async fn tls(cert: &Path, key: &Path) -> std::io::Result<RustlsConfig> {
    // Another provider may have been installed by a host program: that one serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    RustlsConfig::from_pem_file(cert, key).await
}

fn limit_heads(builder: &mut Builder<TokioExecutor>) {
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES);
    builder.http2().timer(TokioTimer::new()).max_header_list_size(HEAD_BYTES as u32).max_concurrent_streams(64);
}
