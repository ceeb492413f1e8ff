//! The logbook's core for native apps.

uniffi::setup_scaffolding!();
