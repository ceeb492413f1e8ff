//! From a line of the log to what a phone captures or a person at the console asks: names become ids, made from
//! tenant, kind and name, so that two devices naming one thing mean one page.

use crate::month::{Action, By, Line, Org};
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{EntryId, PageId, TenantId, UserId};
use outpost_model::time::Millis;
use std::collections::BTreeMap;

/// Entries for one page, with the ids that must be given ones.
type Entries = Vec<(Option<EntryId>, Body)>;

/// What a line asks and writes. A signature is written by the phone, which knows what the glass showed.
#[derive(Debug, Clone, Default)]
pub struct Deed {
    pub ask: Option<Ask>,
    pub write: Option<(Header, Entries)>,
}

/// What the log calls things, and what they are here.
pub struct Names {
    tenant: TenantId,
    owners: BTreeMap<By, UserId>,
    /// Leave requests: the page and the entry that hold them.
    leaves: BTreeMap<String, (PageId, EntryId)>,
    zone: outpost_model::time::Zone,
}

impl Names {
    pub fn new(tenant: TenantId, org: &Org, lines: &[Line]) -> Self {
        let mut owners: BTreeMap<By, UserId> =
            org.devices.iter().map(|device| (By::Device(device.id.clone()), device.user.clone())).collect();
        for line in lines {
            if let Action::Enrol { device, user } = &line.action {
                owners.insert(By::Device(device.clone()), user.clone());
            }
        }
        let mut names = Self { tenant, owners, leaves: BTreeMap::new(), zone: org.timezone.clone() };
        for line in lines {
            if let (Action::RequestLeave { leave, .. }, Some(person)) = (&line.action, names.user(&line.by)) {
                let page = names.attendance(&person, line.clock.unwrap_or(line.at)).page();
                let entry = names.entry("leave", leave);
                names.leaves.entry(leave.clone()).or_insert((page, entry));
            }
        }
        names
    }

    /// Who acts, if the folder says whose the device is.
    pub fn user(&self, by: &By) -> Option<UserId> {
        match by {
            By::Console(user) => Some(user.clone()),
            device => self.owners.get(device).cloned(),
        }
    }

    pub fn order(&self, name: &str) -> Header {
        Header::new(self.tenant.clone(), Subject::Order { id: self.page("order", name) })
    }

    pub fn visit(&self, order: &str, name: &str) -> Header {
        let subject = Subject::Visit { id: self.page("visit", name), order: self.page("order", order) };
        Header::new(self.tenant.clone(), subject)
    }

    fn attendance(&self, person: &UserId, clock: Millis) -> Header {
        let month = self.zone.day(clock).month();
        Header::new(self.tenant.clone(), Subject::Attendance { person: person.clone(), month })
    }

    fn page(&self, kind: &str, name: &str) -> PageId {
        // Made like a phone's, and the same wherever the month is played.
        let name = PageId::derived(&[self.tenant.as_str(), kind, name]);
        let mut random = [0; 10];
        random.copy_from_slice(&name.0[..10]);
        PageId::v7(0, random)
    }

    fn entry(&self, kind: &str, name: &str) -> EntryId {
        EntryId::derived(&[self.tenant.as_str(), kind, name])
    }

    /// What the line does, for everything that is logged or decided; nothing for what happens to devices.
    pub fn deed(&self, line: &Line, by: &UserId) -> Deed {
        let clock = line.clock.unwrap_or(line.at);
        let order_id = |name: &String| self.page("order", name);
        let ask = |ask: Ask| Deed { ask: Some(ask), write: None };
        let on_order =
            |order: &str, body: Body| Deed { ask: None, write: Some((self.order(order), vec![(None, body)])) };
        let on_visit = |order: &str, visit: &str, body: Body| Deed {
            ask: None,
            write: Some((self.visit(order, visit), vec![(None, body)])),
        };
        let own = |id: Option<EntryId>, body: Body| Deed {
            ask: None,
            write: Some((self.attendance(by, clock), vec![(id, body)])),
        };
        match line.action.clone() {
            Action::OpenOrder { order, customer, asset, caller, phone, fault_code, fault, service_type, channel } => {
                let set = |field: &str, value: String| (None, Body::Set { field: field.to_owned(), value });
                let register = (None, Body::Register { channel, fault_code, fault });
                let entries = vec![register, set("caller", caller), set("phone", phone)];
                let open = Ask::Open { order: order_id(&order), number: order.clone(), customer, asset, service_type };
                Deed { ask: Some(open), write: Some((self.order(&order), entries)) }
            }
            Action::Assign { order, to } => ask(Ask::Assign { order: order_id(&order), to }),
            Action::AssignHelper { order, to } => ask(Ask::AddHelper { order: order_id(&order), helper: to }),
            Action::Inspect { order, receipt_no, pass } => {
                ask(Ask::Inspect { order: order_id(&order), receipt_no, pass })
            }
            Action::Close { order } => ask(Ask::Close { order: order_id(&order) }),
            Action::DecideLeave { leave, approve } => {
                // A request that nobody made has no page; its decision must come back as unknown.
                let (page, leave) = self
                    .leaves
                    .get(&leave)
                    .copied()
                    .unwrap_or_else(|| (self.page("leave", &leave), self.entry("leave", &leave)));
                ask(Ask::DecideLeave { page, leave, approve, reason: String::new() })
            }
            Action::SealMonth { user, month } => ask(Ask::SignOff { person: user, month }),
            Action::Enrol { device, user } => ask(Ask::Enrol { device, user }),
            Action::Revoke { device, reason } => ask(Ask::Revoke { device, reason }),

            Action::Contact { order, outcome, note, appointment } => {
                on_order(&order, Body::Contact { outcome, note, appointment })
            }
            Action::Set { order, field, value } => on_order(&order, Body::Set { field, value }),
            Action::Repair { order, receipt_no, minutes, note } => {
                on_order(&order, Body::Repair { receipt_no, minutes, note })
            }
            Action::ReturnItem { order, receipt_no } => on_order(&order, Body::ReturnItem { receipt_no }),

            Action::Depart { order, visit } => on_visit(&order, &visit, Body::Depart {}),
            Action::Arrive { order, visit, spot } => {
                on_visit(&order, &visit, Body::Arrive { place: Some(spot.place()) })
            }
            Action::Leave { order, visit, result } => on_visit(&order, &visit, Body::Leave { result }),
            Action::UsePart { order, visit, part_no, name, qty, unit_price, billable } => on_visit(
                &order,
                &visit,
                Body::UsePart { part_no, name, qty, unit_price, billable, old_serial: None, new_serial: None },
            ),
            Action::Charge { order, visit, item, amount, method, receipt_no } => {
                on_visit(&order, &visit, Body::Charge { item, amount, method, receipt_no })
            }
            Action::TakeBack { order, visit, item, serial, receipt_no } => {
                on_visit(&order, &visit, Body::TakeBack { item, serial, receipt_no })
            }

            Action::ClockIn { spot } => own(None, Body::ClockIn { place: Some(spot.place()) }),
            Action::ClockOut { spot } => own(None, Body::ClockOut { place: Some(spot.place()) }),
            Action::RequestLeave { leave, kind, from, to, reason } => {
                own(Some(self.entry("leave", &leave)), Body::RequestLeave { leave: kind, from, to, reason })
            }
            Action::Task { task, minutes, note } => own(Some(self.entry("task", &task)), Body::Task { minutes, note }),

            Action::Sign { .. } | Action::Sync {} | Action::Backup {} | Action::Restore {} => Deed::default(),
        }
    }
}
