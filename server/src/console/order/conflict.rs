//! Values of one field that didn't know of each other: all of them, with who and when, and a tap that settles it.

use super::super::act::fresh_id;
use super::super::visit::Visitor;
use crate::relay::OrderStory;
use outpost_model::access::Action;
use outpost_model::header::Kind;

pub struct Conflict {
    pub field: &'static str,
    pub title: String,
    pub values: Vec<ConflictValue>,
    pub can: bool,
}

pub struct ConflictValue {
    pub value: String,
    pub about: String,
    pub id: String,
}

pub fn conflicts(visitor: &Visitor, story: &OrderStory) -> Vec<Conflict> {
    let (w, directory, almanac) = (visitor.w, &*visitor.directory, visitor.almanac());
    let can = visitor.sight.may_this(Action::SetField, &story.facts);
    let fields = story.order.fields.iter().filter(|(_, values)| values.len() > 1);
    fields
        .filter_map(|(name, values)| {
            let field = outpost_model::field::find(Kind::Order, name)?;
            let values = values.iter().enumerate().map(|(place, one)| {
                let who = one.by.as_ref().map(|user| directory.name_of(user)).unwrap_or_default();
                let at = one.at.map(|at| almanac.moment(at)).unwrap_or_default();
                let knew = if place > 0 { format!(" · {}", w.conflict_unknowing()) } else { String::new() };
                ConflictValue {
                    value: one.value.clone(),
                    about: format!("{who} {at}{knew}"),
                    id: fresh_id(visitor.now),
                }
            });
            Some(Conflict {
                field: field.name,
                title: w.conflict_title(w.of(field.zh, field.en)),
                values: values.collect(),
                can,
            })
        })
        .collect()
}
