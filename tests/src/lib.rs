//! Stories, months and attacks, played through real stores and a real server.
