//! What a phone under test logs: one's own time, orders that one opens, visits to them.

use crate::company::{customer, tenant};
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::error::{CaptureError, DeviceError};
use outpost_device::store::StoreError;
use outpost_model::command::{Ask, ServiceType};
use outpost_model::entry::{Body, Channel, Reach, VisitResult};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{EntryId, PageId};
use outpost_model::time::Millis;
use outpost_simulation::dice::Dice;

/// What came of a tap.
pub enum Tapped {
    Captured(Vec<(PageId, EntryId)>),
    /// The app said no, for a reason that isn't the disk.
    Denied,
    /// There was no room; nothing was written.
    Full,
    Broke(String),
}

/// Somebody taps something.
pub fn tap(device: &mut Device, now: Millis, dice: &mut Dice) -> Tapped {
    let act = match act(device, now, dice) {
        Ok(act) => act,
        Err(DeviceError::Store(StoreError::Full)) => return Tapped::Full,
        Err(fault) => return Tapped::Broke(fault.to_string()),
    };
    let pages: Vec<PageId> =
        act.writes.iter().flat_map(|write| write.entries.iter().map(|_| write.header.page())).collect();
    match device.capture(act) {
        Ok(captured) => Tapped::Captured(pages.into_iter().zip(captured.entries).collect()),
        Err(CaptureError::Denied(_)) => Tapped::Denied,
        Err(CaptureError::Device(DeviceError::Store(StoreError::Full))) => Tapped::Full,
        Err(fault) => Tapped::Broke(fault.to_string()),
    }
}

fn act(device: &mut Device, now: Millis, dice: &mut Dice) -> Result<Act, DeviceError> {
    let orders: Vec<PageId> = device.orders()?.iter().map(|item| item.facts.page).collect();
    let own = dice.pick(&orders).copied().filter(|_| !dice.one_in(3));
    let Some(order) = own else {
        if orders.len() < 4 && dice.one_in(3) {
            return Ok(opening(now, dice));
        }
        let page = device.attendance_header(now)?;
        return Ok(Act::logging(page, Body::Task { minutes: 5, note: note(dice) }));
    };
    if dice.one_in(2) {
        let page = Header::new(tenant(), Subject::Order { id: order });
        let body = Body::Contact { outcome: Reach::Reached, note: note(dice), appointment: None };
        return Ok(Act::logging(page, body));
    }
    let id = PageId::v7(now.0.max(0) as u64, dice.bytes());
    let page = Header::new(tenant(), Subject::Visit { id, order });
    let work: [Body; 3] =
        [Body::Depart {}, Body::Arrive { place: None }, Body::Leave { result: VisitResult::FollowUp }];
    Ok(Act::default().and(page, work.map(Into::into)))
}

fn opening(now: Millis, dice: &mut Dice) -> Act {
    let order = PageId::v7(now.0.max(0) as u64, dice.bytes());
    let number = format!("F-{}", dice.number());
    let open = Ask::Open { order, number, customer: customer(), asset: None, service_type: ServiceType::A };
    let register = Body::Register { channel: Channel::Phone, fault_code: "E1".to_owned(), fault: "stands".to_owned() };
    Act::asking(open).and(Header::new(tenant(), Subject::Order { id: order }), [register.into()])
}

fn note(dice: &mut Dice) -> String {
    "x".repeat(1 + dice.below(200))
}
