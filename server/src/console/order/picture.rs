//! The photos of an order's visits: here, not arrived yet, or erased by a decision.

use super::super::visit::Visitor;
use crate::blob::Found;
use crate::http::Gateway;
use crate::relay::OrderStory;
use outpost_model::entry::Body;

pub struct Photo {
    pub caption: String,
    pub about: String,
    pub place: Where,
}

pub enum Where {
    Here(String),
    Erased,
    NotHere,
}

pub fn photos(gateway: &Gateway, visitor: &Visitor, story: &OrderStory) -> Vec<Photo> {
    let almanac = visitor.almanac();
    let leaves = story.visits.iter().flat_map(|sheaf| &sheaf.leaves).filter(|leaf| leaf.stands());
    leaves
        .filter_map(|leaf| match &leaf.body {
            Body::Photo { blob, caption } => Some(Photo {
                caption: caption.clone(),
                about: format!("{} {}", visitor.directory.name_of(&leaf.by), almanac.moment(leaf.at)),
                place: match gateway.blobs.find(&visitor.directory.tenant, blob) {
                    Ok(Found::Here(_)) => Where::Here(blob.to_string()),
                    Ok(Found::Erased) => Where::Erased,
                    Ok(Found::NotHere) | Err(_) => Where::NotHere,
                },
            }),
            _ => None,
        })
        .collect()
}
