//! The immutable header of a page: what it is one of. It travels in the envelope, outside automerge;
//! the genesis change is built from it alone, so the heads of a page commit to it.

use crate::canon::{NotCanonical, parse_canonical, to_canonical};
use crate::id::{AssetCode, CustomerCode, FormCode, PageId, TenantId, UserId};
use crate::time::{Day, Month};
use serde::{Deserialize, Serialize};

/// The kinds of page, as `match` wants them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Order,
    Visit,
    Attendance,
    Customer,
    Asset,
    Record,
}

impl Kind {
    pub const ALL: [Kind; 6] = [Kind::Order, Kind::Visit, Kind::Attendance, Kind::Customer, Kind::Asset, Kind::Record];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Order => "order",
            Kind::Visit => "visit",
            Kind::Attendance => "attendance",
            Kind::Customer => "customer",
            Kind::Asset => "asset",
            Kind::Record => "record",
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
    /// A form that one person filled in.
    Record {
        person: UserId,
        form: FormCode,
        #[serde(flatten)]
        key: RecordKey,
    },
}

/// Which of a person's forms of one sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKey {
    /// One of its own: as many as there is reason for.
    Id(PageId),
    /// The one of a period, by its first day.
    Period(Day),
}

impl RecordKey {
    pub fn period(self) -> Option<Day> {
        match self {
            RecordKey::Id(_) => None,
            RecordKey::Period(day) => Some(day),
        }
    }
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
            Subject::Record { .. } => Kind::Record,
        }
    }

    /// The page's id: its own for orders, visits and forms without a period, derived from the header for all else.
    pub fn page(&self) -> PageId {
        self.own_id().unwrap_or_else(|| PageId::derived(&["page", &self.canonical()]))
    }

    fn own_id(&self) -> Option<PageId> {
        match &self.subject {
            Subject::Order { id } | Subject::Visit { id, .. } | Subject::Record { key: RecordKey::Id(id), .. } => {
                Some(*id)
            }
            Subject::Attendance { .. }
            | Subject::Customer { .. }
            | Subject::Asset { .. }
            | Subject::Record { key: RecordKey::Period(_), .. } => None,
        }
    }

    /// Whether the id can be nobody else's: a derived one follows from the header, and one of its own is time-ordered.
    /// An order under the derived id of a customer would keep that customer's page from ever being begun.
    pub fn has_sound_id(&self) -> bool {
        self.own_id().is_none_or(|id| id.is_time_ordered())
    }

    /// The order that this page belongs to: itself, or a visit's parent.
    pub fn order(&self) -> Option<PageId> {
        match self.subject {
            Subject::Order { id } => Some(id),
            Subject::Visit { order, .. } => Some(order),
            Subject::Attendance { .. } | Subject::Customer { .. } | Subject::Asset { .. } | Subject::Record { .. } => {
                None
            }
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
    fn a_form_of_a_period_is_one_page_and_others_have_ids_of_their_own() {
        let (person, form) = (UserId::parse("u-e1").unwrap(), FormCode::parse("weekly_plan").unwrap());
        let header = |key| Header::new(tenant(), Subject::Record { person: person.clone(), form: form.clone(), key });
        let week = header(RecordKey::Period(Day::parse("2026-10-12").unwrap()));
        assert_eq!(
            week.canonical(),
            r#"{"form":"weekly_plan","kind":"record","period":"2026-10-12","person":"u-e1","tenant":"acme","v":1}"#
        );
        assert_eq!(Header::parse(&week.canonical()).unwrap(), week);
        assert!(week.has_sound_id());
        let own = PageId::v7(1_791_000_000_000, [7; 10]);
        let once = header(RecordKey::Id(own));
        assert_eq!((Header::parse(&once.canonical()).unwrap().page(), once.has_sound_id()), (own, true));
        let both = week.canonical().replace("\"kind\"", &format!("\"id\":\"{own}\",\"kind\""));
        assert!(Header::parse(&both).is_err(), "{both}");
        assert!(Header::parse(&week.canonical().replace("\"period\":\"2026-10-12\",", "")).is_err());
    }

    #[test]
    fn an_id_of_its_own_is_never_one_that_is_derived() {
        let customer = Header::new(tenant(), Subject::Customer { customer: CustomerCode::parse("C-7").unwrap() });
        assert!(customer.has_sound_id());
        assert!(!Header::new(tenant(), Subject::Order { id: customer.page() }).has_sound_id());
        let order = PageId::v7(1, [0xff; 10]);
        assert!(Header::new(tenant(), Subject::Order { id: order }).has_sound_id());
        assert!(!Header::new(tenant(), Subject::Visit { id: customer.page(), order }).has_sound_id());
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
