//! The hand-made attacks, each by name. What they did to a page without the gate stands beside them.

mod bytes;
mod grammar;
mod structure;

use crate::crew::*;
use crate::mutator::parts::Parts;
use automerge::{Change, ExpandedChange};

/// A page that two phones wrote on, and the next honest change of the second.
struct Scene {
    phone: Phone,
    mallory: Phone,
    next: Vec<u8>,
}

fn scene() -> Scene {
    let header = order("1");
    let (mut phone, mut mallory) = (Phone::new(1, &header), Phone::new(2, &header));
    phone.log(&[follow_up("honest"), set("remark", "a")]);
    mallory.log(&[follow_up("m"), set("remark", "b")]);
    phone.pull(&mallory);
    mallory.pull(&phone);
    let draft = mallory.draft(&[set("remark", "c"), follow_up("next")]);
    let next = mallory.page.clone().write(mallory.actor, &draft).unwrap().raw;
    Scene { phone, mallory, next }
}

impl Scene {
    fn judge(&self, raw: &[u8]) -> &'static str {
        refusal(self.phone.index.examine(raw, &self.mallory.device))
    }
    /// The next change, taken apart and spoilt.
    fn spoilt(&self, spoil: impl FnOnce(&mut Parts)) -> &'static str {
        let mut parts = Parts::of(&self.next);
        spoil(&mut parts);
        self.judge(&parts.encode())
    }
    /// The next change with other operations, put together by automerge itself.
    fn reworded(&self, reword: impl FnOnce(&mut ExpandedChange)) -> &'static str {
        let mut change = Change::try_from(&self.next[..]).unwrap().decode();
        reword(&mut change);
        self.judge(Change::from(change).raw_bytes())
    }
}

#[test]
fn the_next_honest_change_passes_and_taking_it_apart_loses_nothing() {
    let scene = scene();
    assert_eq!(Parts::of(&scene.next).encode(), scene.next);
    assert!(scene.phone.index.examine(&scene.next, &scene.mallory.device).is_ok());
}
