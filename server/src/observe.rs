//! What operators see of the relay: counters ([`metrics`]) and lines ([`logs`]). Ids of tenants and devices, counts,
//! codes and durations; never what people wrote, who they are, or anything that lets somebody in.

pub mod logs;
pub mod metrics;
