//! A service call by its number: its pages, and what is asked about it.

use super::{customer, october, tenant, user};
use outpost_model::command::{Ask, ServiceType};
use outpost_model::entry::{Body, Channel, Reach, VisitResult};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CustomerCode, PageId};

#[derive(Debug, Clone)]
pub struct Call {
    pub number: String,
    pub customer: CustomerCode,
}

impl Call {
    pub fn new(number: &str, at: &str) -> Self {
        Self { number: number.into(), customer: customer(at) }
    }

    pub fn id(&self) -> PageId {
        own_id(&["order", &self.number])
    }
    pub fn header(&self) -> Header {
        Header::new(tenant(), Subject::Order { id: self.id() })
    }
    pub fn visit(&self, name: &str) -> Header {
        let id = own_id(&["visit", &self.number, name]);
        Header::new(tenant(), Subject::Visit { id, order: self.id() })
    }

    pub fn open(&self) -> Ask {
        let (number, customer) = (self.number.clone(), self.customer.clone());
        Ask::Open { order: self.id(), number, customer, asset: None, service_type: ServiceType::A }
    }
    pub fn assign(&self, to: &str) -> Ask {
        Ask::Assign { order: self.id(), to: user(to) }
    }
    pub fn helper(&self, to: &str) -> Ask {
        Ask::AddHelper { order: self.id(), helper: user(to) }
    }
    pub fn close(&self) -> Ask {
        Ask::Close { order: self.id() }
    }

    /// The line in the register.
    pub fn register(&self) -> Vec<Body> {
        vec![Body::Register { channel: Channel::Phone, fault_code: "HYD_LEAK".into(), fault: "液压站漏油".into() }]
    }
}

/// A page id as a phone makes it, by name.
fn own_id(parts: &[&str]) -> PageId {
    let mut random = [0; 10];
    random.copy_from_slice(&PageId::derived(parts).0[..10]);
    PageId::v7(october(1, "00:00").0 as u64, random)
}

pub fn arrive() -> Body {
    Body::Arrive { place: None }
}
pub fn leave(result: VisitResult) -> Body {
    Body::Leave { result }
}
pub fn reached() -> Body {
    Body::Contact { outcome: Reach::Reached, note: "已约定".into(), appointment: None }
}
pub fn set(field: &str, value: &str) -> Body {
    Body::Set { field: field.into(), value: value.into() }
}
pub fn part(number: &str, qty: u32) -> Body {
    Body::UsePart {
        part_no: number.into(),
        name: "密封圈".into(),
        qty,
        unit_price: 1_200,
        billable: true,
        old_serial: None,
        new_serial: None,
    }
}
