//! How a serving process learns that it shall stop: Ctrl-C, or SIGTERM from whoever runs it.

use std::future::Future;

/// Listens from the call on, before anybody can be told that it serves; what it gives is done once somebody wants the
/// process to end. Called inside a runtime.
pub fn told_to_stop() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    async move {
        let interrupt = async {
            // Without a handler for it Ctrl-C ends the process anyway.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        #[cfg(unix)]
        match terminate {
            Ok(mut terminate) => tokio::select! { _ = terminate.recv() => {}, () = interrupt => {} },
            Err(_) => interrupt.await,
        }
        #[cfg(not(unix))]
        interrupt.await;
        tracing::info!("stopping: requests under way are finished");
    }
}
