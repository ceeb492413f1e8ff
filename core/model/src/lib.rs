//! What a logbook is: pages, entries, decisions, admission and the fold. Pure: no clock, no disk, no network.
