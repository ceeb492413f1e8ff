//! The phone's half: capture, device store, sync session, quarantine.
