//! Customers' goods in our hands, receipt by receipt: taken back (003), the register's lines out and in (004), the bench
//! and the inspection (005), each step with who and when.

use super::super::act::fresh_id;
use super::super::flags::Chip;
use super::super::visit::Visitor;
use super::super::words::Words;
use crate::relay::OrderStory;
use outpost_model::access::Action;
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::fold::order::GoodsFacts;
use outpost_model::id::UserId;
use outpost_model::time::Millis;

pub struct Good {
    pub receipt: String,
    pub item: String,
    pub steps: Vec<Step>,
    pub chip: Chip,
    pub can_inspect: bool,
    pub can_void: bool,
    pub pass_id: String,
    pub fail_id: String,
}

/// One step of custody: the form's number, when and who, what.
pub struct Step {
    pub form: &'static str,
    pub at: String,
    pub what: String,
}

pub fn goods(visitor: &Visitor, story: &OrderStory) -> Vec<Good> {
    let facts = &story.facts;
    let can = |action| visitor.sight.may_this(action, facts);
    let goods = facts.goods.iter().map(|goods| Good {
        receipt: goods.receipt_no.clone(),
        item: format!("{} {}", goods.item, goods.serial),
        steps: steps(visitor, story, &goods.receipt_no),
        chip: chip(visitor.w, goods),
        can_inspect: goods.returned_at.is_none() && goods.inspected != Some(true) && can(Action::Inspect),
        can_void: goods.returned_at.is_some() && !goods.receipt_voided && can(Action::VoidReceipt),
        pass_id: fresh_id(visitor.now),
        fail_id: fresh_id(visitor.now),
    });
    goods.collect()
}

fn chip(w: Words, goods: &GoodsFacts) -> Chip {
    let (look, icon, word) = match (goods.returned_at, goods.inspected) {
        (Some(_), _) => ("green bare", "circle-check", w.act(&Body::ReturnItem { receipt_no: String::new() })),
        (None, Some(true)) => ("green bare", "circle-check", w.goods_inspected()),
        (None, Some(false)) => ("red solid", "ban", w.goods_failed()),
        (None, None) => ("blue outlined", "hourglass", w.goods_waits()),
    };
    Chip { look, icon, word }
}

fn steps(visitor: &Visitor, story: &OrderStory, receipt: &str) -> Vec<Step> {
    let (w, almanac) = (visitor.w, visitor.almanac());
    let mut steps: Vec<(Millis, Step)> = Vec::new();
    let mut push = |form, at: Millis, who: &UserId, what: String| {
        let about = format!("{} {}", almanac.moment(at), visitor.directory.name_of(who));
        steps.push((at, Step { form, at: about, what }));
    };
    let leaves = std::iter::once(&story.order).chain(&story.visits).flat_map(|sheaf| &sheaf.leaves);
    for leaf in leaves {
        let Some((body, at)) = leaf.counts() else { continue };
        match body {
            Body::TakeBack { receipt_no, .. } if receipt_no == receipt => {
                push("003 · 004", at, &leaf.by, w.goods_step_taken().to_owned());
            }
            Body::Repair { receipt_no, minutes, note } if receipt_no == receipt => {
                push("005", at, &leaf.by, w.goods_step_bench(minutes, note));
            }
            Body::ReturnItem { receipt_no } if receipt_no == receipt => {
                push("004", at, &leaf.by, w.goods_step_returned().to_owned());
            }
            _ => {}
        }
    }
    for decision in &story.order.decisions {
        match decision.ask() {
            Ask::Inspect { receipt_no, pass, .. } if receipt_no == receipt => {
                let word = if *pass { w.goods_inspected() } else { w.goods_failed() };
                push("005", decision.at(), decision.by(), word.to_owned());
            }
            Ask::VoidReceipt { receipt_no, reason, .. } if receipt_no == receipt => {
                push("003", decision.at(), decision.by(), w.goods_step_voided(reason));
            }
            _ => {}
        }
    }
    steps.sort_by_key(|(at, _)| *at);
    steps.into_iter().map(|(_, step)| step).collect()
}
