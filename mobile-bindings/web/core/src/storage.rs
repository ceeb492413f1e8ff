//! The store's place: files of the origin's own, held open by this worker alone.

use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_vfs::sahpool::{OpfsSAHPoolCfgBuilder, install as install_pool};

/// Makes the pool SQLite's default. Says why where another worker holds it, or the browser has no such files.
pub async fn install() -> Result<(), String> {
    let pool = OpfsSAHPoolCfgBuilder::new().directory(".outpost").initial_capacity(6).build();
    install_pool::<WasmOsCallback>(&pool, true).await.map(drop).map_err(|trouble| trouble.to_string())
}
