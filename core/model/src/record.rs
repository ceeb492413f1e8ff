//! Records of the server that flow down read-only: who there is, where the stations are, what parts cost.

use crate::id::{StationId, UserId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Engineer,
    Lead,
    Clerk,
    Cashier,
    Hq,
    Auditor,
}

impl Role {
    pub const ALL: [Role; 6] = [Role::Engineer, Role::Lead, Role::Clerk, Role::Cashier, Role::Hq, Role::Auditor];

    pub fn name(self) -> &'static str {
        match self {
            Role::Engineer => "engineer",
            Role::Lead => "lead",
            Role::Clerk => "clerk",
            Role::Cashier => "cashier",
            Role::Hq => "hq",
            Role::Auditor => "auditor",
        }
    }
    /// Whether whoever has this role belongs to a station.
    pub fn is_stationed(self) -> bool {
        matches!(self, Role::Engineer | Role::Lead)
    }
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub user: UserId,
    pub name: String,
    pub role: Role,
    /// Engineers and leads belong to a station; the others to none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<StationId>,
    pub active: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Station {
    pub station: StationId,
    pub name: String,
    pub lat_e7: i32,
    pub lng_e7: i32,
}

/// Degrees as records keep them, within so many to either side.
pub fn degrees_e7(degrees: f64, most: f64) -> Option<i32> {
    (degrees.is_finite() && degrees.abs() <= most).then(|| (degrees * 1e7).round() as i32)
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub part_no: String,
    pub name: String,
    /// Fen.
    pub unit_price: i64,
    pub active: bool,
}
