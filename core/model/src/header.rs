//! The immutable header of a page: what it is one of. It travels in the envelope, outside automerge;
//! the genesis change is built from it alone, so the heads of a page commit to it.

use crate::canon::{NotCanonical, parse_canonical, to_canonical};
use crate::id::{AssetCode, CustomerCode, PageId, TenantId, UserId};
use crate::time::Month;
use serde::{Deserialize, Serialize};

/// The kinds of page, as `match` wants them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Order,
    Visit,
    Attendance,
    Customer,
    Asset,
}

impl Kind {
    pub const ALL: [Kind; 5] = [Kind::Order, Kind::Visit, Kind::Attendance, Kind::Customer, Kind::Asset];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Order => "order",
            Kind::Visit => "visit",
            Kind::Attendance => "attendance",
            Kind::Customer => "customer",
            Kind::Asset => "asset",
        }
    }
}

/// What the page is one of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// A service call (工单).
    Order {
        id: PageId,
    },
    /// A visit to the site (服务报告单), under its order.
    Visit {
        id: PageId,
        order: PageId,
    },
    /// What one person logged of his own time in a calendar month. Only a bucket: the fold goes by time.
    Attendance {
        person: UserId,
        month: Month,
    },
    Customer {
        customer: CustomerCode,
    },
    /// A unit sold.
    Asset {
        asset: AssetCode,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Header {
    pub tenant: TenantId,
    #[serde(flatten)]
    pub subject: Subject,
    /// Version of the genesis change that begins the page.
    pub v: u8,
}

/// The only genesis version there is.
pub const GENESIS_VERSION: u8 = 1;

impl Header {
    pub fn new(tenant: TenantId, subject: Subject) -> Self {
        Self { tenant, subject, v: GENESIS_VERSION }
    }

    /// Reads a header from outside: canonical JSON, a known kind, a known version.
    pub fn parse(text: &str) -> Result<Self, NotCanonical> {
        let header: Self = parse_canonical(text)?;
        if header.v != GENESIS_VERSION {
            return Err(NotCanonical::Shape(format!("genesis version {} is unknown", header.v)));
        }
        Ok(header)
    }

    pub fn canonical(&self) -> String {
        to_canonical(self).expect("a header holds codes and ids only")
    }

    pub fn kind(&self) -> Kind {
        match self.subject {
            Subject::Order { .. } => Kind::Order,
            Subject::Visit { .. } => Kind::Visit,
            Subject::Attendance { .. } => Kind::Attendance,
            Subject::Customer { .. } => Kind::Customer,
            Subject::Asset { .. } => Kind::Asset,
        }
    }

    /// The page's id: its own for orders and visits, derived from the header for all else.
    pub fn page(&self) -> PageId {
        match &self.subject {
            Subject::Order { id } | Subject::Visit { id, .. } => *id,
            Subject::Attendance { .. } | Subject::Customer { .. } | Subject::Asset { .. } => {
                PageId::derived(&["page", &self.canonical()])
            }
        }
    }

    /// The order that this page belongs to: itself, or a visit's parent.
    pub fn order(&self) -> Option<PageId> {
        match self.subject {
            Subject::Order { id } => Some(id),
            Subject::Visit { order, .. } => Some(order),
            Subject::Attendance { .. } | Subject::Customer { .. } | Subject::Asset { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant() -> TenantId {
        TenantId::parse("acme").unwrap()
    }

    #[test]
    fn a_header_has_one_spelling_and_a_derived_id_follows_from_it() {
        let subject =
            Subject::Attendance { person: UserId::parse("u-e1").unwrap(), month: Month::parse("2026-10").unwrap() };
        let header = Header::new(tenant(), subject);
        assert_eq!(
            header.canonical(),
            r#"{"kind":"attendance","month":"2026-10","person":"u-e1","tenant":"acme","v":1}"#
        );
        assert_eq!(Header::parse(&header.canonical()).unwrap(), header);
        assert_eq!(header.page(), Header::parse(&header.canonical()).unwrap().page());
    }

    #[test]
    fn a_header_of_another_shape_is_refused() {
        let order = PageId::derived(&["x"]);
        let good = Header::new(tenant(), Subject::Order { id: order }).canonical();
        assert!(Header::parse(&good).is_ok());
        for bad in [good.replace("\"v\":1", "\"v\":2"), good.replace("order", "ordre"), good.replace('{', "{ ")] {
            assert!(Header::parse(&bad).is_err(), "{bad}");
        }
    }
}
