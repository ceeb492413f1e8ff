//! Quotas of a lifetime, and what a crowd may do to a page within them.

use crate::crew::*;
use automerge::legacy::{Key, ObjectId, Op, OpId, OpType, SortedVec};
use automerge::{ActorId, Change, ExpandedChange, ScalarValue};
use outpost_model::admission::{PageIndex, Verdict};
use outpost_model::entry::{Body, Channel};
use outpost_model::header::Header;
use outpost_model::id::{DeviceId, Hash};
use outpost_model::page::{ENTRIES, Page, genesis_actor, limits};

/// A writer without a document, for many changes: each on its own last, or on the genesis.
struct Pen {
    header: Header,
    number: u32,
    device: DeviceId,
    actor: [u8; 16],
    seq: u64,
    next_op: u64,
    last: Hash,
}

impl Pen {
    fn new(header: &Header, number: u32, device: &DeviceId) -> Self {
        let last = Page::begin(header.clone()).heads()[0];
        Self { header: header.clone(), number, device: device.clone(), actor: actor(number), seq: 0, next_op: 3, last }
    }

    fn change(&mut self, bodies: &[Body]) -> Vec<u8> {
        let container = OpId(ENTRIES, ActorId::from(genesis_actor(&self.header)));
        let operations = bodies.iter().zip(self.next_op..).map(|(body, n)| Op {
            action: OpType::Put(ScalarValue::Str(entry(self.number, n, body.clone()).canonical().unwrap().into())),
            obj: ObjectId::Id(container.clone()),
            key: Key::Map(entry_id(self.number, n).to_string().into()),
            pred: SortedVec::new(),
            insert: false,
        });
        self.seq += 1;
        let change = Change::from(ExpandedChange {
            operations: operations.collect(),
            actor_id: ActorId::from(self.actor),
            hash: None,
            seq: self.seq,
            start_op: self.next_op.try_into().unwrap(),
            time: 0,
            message: None,
            deps: vec![self.last.into()],
            extra_bytes: vec![],
            author: None,
        });
        self.next_op += bodies.len() as u64;
        self.last = change.hash().into();
        change.raw_bytes().to_vec()
    }

    fn write(&mut self, index: &mut PageIndex, bodies: &[Body]) -> Result<(), Verdict> {
        let raw = self.change(bodies);
        let examined = index.examine(&raw, &self.device)?;
        index.admit(examined);
        Ok(())
    }
}

fn full(verdict: Result<(), Verdict>) -> String {
    match verdict {
        Err(Verdict::Refused(refusal)) if refusal.code.code() == "page_full" => refusal.detail,
        other => panic!("not full: {other:?}"),
    }
}

#[test]
fn a_device_has_its_share_of_changes_and_the_page_its_sum() {
    let header = visit("1");
    let mut index = PageIndex::new(header.clone());
    let of_a_device = limits::CHANGES_OF_A_DEVICE as usize;
    for number in 0..(limits::CHANGES_OF_A_PAGE / of_a_device) as u32 {
        let mut pen = Pen::new(&header, number, &device(&format!("phone-{number}")));
        for _ in 0..of_a_device {
            pen.write(&mut index, &[leave()]).unwrap();
        }
        let last = index.changes().last().unwrap().hash;
        if index.len() < limits::CHANGES_OF_A_PAGE {
            assert_eq!(full(pen.write(&mut index, &[leave()])), "changes of the device");
        }
        assert!(index.covers(&index.heads(), &last));
    }
    assert_eq!(index.len(), limits::CHANGES_OF_A_PAGE);
    let mut late = Pen::new(&header, 99, &device("phone-99"));
    assert_eq!(full(late.write(&mut index, &[leave()])), "changes of the page");
    // What the page already has is never refused for lack of room.
    let raw = Pen::new(&header, 0, &device("phone-0")).change(&[leave()]);
    assert!(matches!(index.examine(&raw, &device("phone-0")), Err(Verdict::AlreadyHad { .. })));
}

#[test]
fn no_device_can_use_up_the_actors_of_a_page() {
    for header in [order("1"), customer("C-1")] {
        let kind = header.kind();
        let mut index = PageIndex::new(header.clone());
        let share = limits::actors_of_a_device(kind);
        let devices = limits::actors(kind) as u32 / share;
        for number in 0..devices {
            let device = device(&format!("phone-{number}"));
            for actor in 0..share {
                Pen::new(&header, number * share + actor, &device).write(&mut index, &[set_free(kind)]).unwrap();
            }
            let mut more = Pen::new(&header, 1_000_000 + number, &device);
            assert_eq!(full(more.write(&mut index, &[set_free(kind)])), "actors of the device");
        }
        assert_eq!(index.actor_count(), limits::actors(kind));
        let mut late = Pen::new(&header, 2_000_000, &device("late"));
        assert_eq!(full(late.write(&mut index, &[set_free(kind)])), "actors of the page");
    }
}

fn set_free(kind: outpost_model::header::Kind) -> Body {
    match kind {
        outpost_model::header::Kind::Customer => Body::StaffChange { text: "x".into() },
        _ => follow_up("x"),
    }
}

#[test]
fn a_page_has_its_sum_of_bytes() {
    let header = order("1");
    let mut index = PageIndex::new(header.clone());
    let long = "x".repeat(1_900);
    let body = Body::Register { channel: Channel::Phone, fault_code: long.clone(), fault: long };
    let bodies = vec![body; 15];
    let mut pen = Pen::new(&header, 1, &device("phone-1"));
    let verdict = (0..400).find_map(|_| pen.write(&mut index, &bodies).err()).unwrap();
    assert_eq!(full(Err(verdict)), "bytes of the page");
    assert!(index.raw_bytes() <= limits::BYTES_OF_A_PAGE);
    assert!(index.raw_bytes() > limits::BYTES_OF_A_PAGE - limits::CHANGE_BYTES as u64);
}

/// One change may name 64 heads. A phone that met more must still be able to write.
#[test]
fn a_crowd_that_wrote_apart_is_gathered_a_change_at_a_time() {
    let header = customer("C-1");
    let mut crowd: Vec<Phone> = (1..=150).map(|number| Phone::new(number, &header)).collect();
    let mut phone = Phone::new(1_000, &header);
    phone.log(&[set("remark", "mine")]);
    for other in &mut crowd {
        let written = other.log(&[set("remark", "theirs")]);
        let examined = phone.index.examine(&written.raw, &other.device).unwrap();
        phone.index.admit(examined);
        phone.page.extend(&[written.raw]).unwrap();
    }
    assert_eq!(phone.heads().len(), 151);
    assert_eq!(phone.values("remark").len(), 151);
    let mut sizes = Vec::new();
    for _ in 0..3 {
        phone.log(&[set("remark", "settled")]);
        sizes.push((phone.heads().len(), phone.values("remark").len()));
    }
    assert_eq!(sizes.last(), Some(&(1, 1)), "{sizes:?}");
}
