//! How a serving process learns that it shall stop: Ctrl-C, or SIGTERM from whoever runs it.

/// Done once somebody wants the process to end.
pub async fn told_to_stop() {
    let interrupt = async {
        // Without a handler for it Ctrl-C ends the process anyway.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! { _ = terminate.recv() => {}, () = interrupt => {} },
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
    tracing::info!("stopping: requests under way are finished");
}
