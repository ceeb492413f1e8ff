//! Log lines: one JSON object each, on standard error. A panic is told by its place, not by its message, since
//! messages may quote what somebody wrote.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

/// Begins to write lines. `OUTPOST_LOG` chooses what (`info`, `outpost_server=debug`); a second call changes nothing.
pub fn start() {
    let _ = subscriber(std::io::stderr).try_init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}

/// The subscriber itself, for a test that reads what was written.
pub fn subscriber<W>(out: W) -> impl tracing::Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_from_env("OUTPOST_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_env_filter(filter)
        .with_writer(out)
        .finish()
}
