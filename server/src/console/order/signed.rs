//! What the customer signed, visit by visit: exactly the entries that the glass showed, as they read then, with the
//! fingerprint that the server counted once more; and what was added, taken back or corrected since.

use super::super::show::about;
use super::super::tell;
use super::super::trace;
use super::super::visit::Visitor;
use crate::blob::Found;
use crate::http::Gateway;
use crate::relay::{Aftermath, Leaf, OrderStory, Sheaf};
use outpost_model::entry::{Body, Signature};
use outpost_model::fold::visit::VisitFacts;
use outpost_model::id::Hash;
use outpost_model::time::Millis;

pub struct Signed {
    pub nth: String,
    /// What was shown: the clock, and what it says.
    pub lines: Vec<(String, String)>,
    pub name: String,
    pub about: String,
    pub comment: String,
    pub strokes: String,
    /// The part of the glass that holds the strokes.
    pub frame: String,
    pub typed: Option<String>,
    pub counter: String,
    pub print: String,
    /// What came after, and why the customer didn't see it.
    pub later: Vec<(String, String)>,
    pub unsigned: Option<String>,
}

pub fn panels(gateway: &Gateway, visitor: &Visitor, story: &OrderStory) -> Vec<Signed> {
    let visits = pairs(story);
    let panels = visits.iter().enumerate().filter_map(|(place, (facts, sheaf))| {
        let sign = sheaf.leaves.iter().rev().find_map(|leaf| match &leaf.body {
            Body::Sign(sign) if leaf.stands() => Some((leaf, sign)),
            _ => None,
        });
        match sign {
            Some((leaf, sign)) => Some(signed(gateway, visitor, place + 1, sheaf, leaf, sign)),
            None if facts.arrived_at.is_some() => Some(unsigned(visitor, place + 1, facts, sheaf)),
            None => None,
        }
    });
    let mut panels: Vec<Signed> = panels.collect();
    panels.reverse();
    panels
}

/// Each visit's facts with its page, by arrival.
fn pairs(story: &OrderStory) -> Vec<(&VisitFacts, &Sheaf)> {
    let mut pairs: Vec<_> = story
        .facts
        .visit_facts
        .iter()
        .filter_map(|facts| Some((facts, story.visits.iter().find(|sheaf| sheaf.header.page() == facts.page)?)))
        .collect();
    pairs.sort_by_key(|(facts, _)| (facts.arrived_at.unwrap_or(Millis(i64::MAX)), facts.page));
    pairs
}

fn line(visitor: &Visitor, leaf: &Leaf) -> (String, String) {
    let almanac = visitor.almanac();
    (almanac.moment(leaf.at), tell::tell_plain(&almanac, &leaf.body))
}

/// Entries by the time that they claim.
fn in_time<'a>(leaves: impl Iterator<Item = &'a Leaf>) -> Vec<&'a Leaf> {
    let mut leaves: Vec<&Leaf> = leaves.collect();
    leaves.sort_by_key(|leaf| (leaf.at, leaf.seq));
    leaves
}

fn signed(gateway: &Gateway, visitor: &Visitor, nth: usize, sheaf: &Sheaf, leaf: &Leaf, sign: &Signature) -> Signed {
    let (w, almanac) = (visitor.w, visitor.almanac());
    let shown = in_time(sheaf.leaves.iter().filter(|one| one.signed == Some(true)));
    let strokes = strokes(gateway, visitor, &sign.strokes);
    let print = sign.digest.to_string().to_uppercase();
    let since = sheaf.leaves.iter().filter(|one| one.signed == Some(false) && one.stands());
    let mut later: Vec<(String, String)> = in_time(since)
        .into_iter()
        .map(|late| {
            let gap = late.at.since(leaf.at);
            let note = if gap > 0 { w.amended_later(about(w, gap)) } else { w.amended_unseen().to_owned() };
            let by = visitor.directory.name_of(&late.by);
            (format!("+ {} · {by} {}", tell::tell_plain(&almanac, &late.body), almanac.moment(late.at)), note)
        })
        .collect();
    for gone in shown.iter().filter(|one| !matches!(one.aftermath, Aftermath::Stands)) {
        let why = trace::fate(&almanac, &visitor.directory, gone).unwrap_or_default();
        later.push((format!("− {}", tell::tell_plain(&almanac, &gone.body)), why));
    }
    Signed {
        nth: w.nth_visit(nth),
        lines: shown.iter().map(|one| line(visitor, one)).collect(),
        name: sign.name.clone(),
        about: format!("{} · {}", almanac.moment(leaf.at), w.score(sign.score)),
        comment: sign.comment.clone(),
        frame: frame(&strokes),
        strokes,
        typed: sign.typed.as_ref().map(|why| w.typed_name(why)),
        counter: leaf.received.map(|at| w.countersigned(almanac.moment(at))).unwrap_or_default(),
        print: w.fingerprint(format!("{} {}", &print[..4], &print[4..8]), shown.len()),
        later,
        unsigned: None,
    }
}

fn unsigned(visitor: &Visitor, nth: usize, facts: &VisitFacts, sheaf: &Sheaf) -> Signed {
    let w = visitor.w;
    let standing = sheaf.leaves.iter().filter(|leaf| leaf.stands() && leaf.body.is_covered_by_signature());
    let why = facts.unsigned.as_ref().map(|why| w.unsigned_because(why));
    Signed {
        nth: w.nth_visit(nth),
        lines: in_time(standing).into_iter().map(|leaf| line(visitor, leaf)).collect(),
        name: String::new(),
        about: String::new(),
        comment: String::new(),
        strokes: String::new(),
        frame: String::new(),
        typed: None,
        counter: String::new(),
        print: String::new(),
        later: Vec::new(),
        unsigned: Some(why.unwrap_or_else(|| w.nobody_signed().to_owned())),
    }
}

/// The strokes as path data, if they are here and nothing but that.
fn strokes(gateway: &Gateway, visitor: &Visitor, blob: &Hash) -> String {
    const MOST: u64 = 256 * 1024;
    let Ok(Found::Here(file)) = gateway.blobs.find(&visitor.directory.tenant, blob) else { return String::new() };
    if file.size > MOST {
        return String::new();
    }
    let mut bytes = Vec::new();
    let read = gateway.blobs.read(&file, 0..file.size, &mut |piece: &[u8]| {
        bytes.extend_from_slice(piece);
        true
    });
    if read.is_err() {
        return String::new();
    }
    let text = String::from_utf8(bytes).unwrap_or_default();
    let is_path = text.chars().all(|c| {
        c.is_ascii_digit() || matches!(c, 'M' | 'L' | 'Q' | 'C' | 'm' | 'l' | 'q' | 'c' | 'z' | ' ' | ',' | '.' | '-')
    });
    if is_path { text } else { String::new() }
}

/// As a view box: where absolute strokes lie, with a margin; the whole glass where they are told by steps.
fn frame(strokes: &str) -> String {
    const GLASS: &str = "0 0 600 260";
    if strokes.chars().any(|c| matches!(c, 'm' | 'l' | 'q' | 'c')) {
        return GLASS.to_owned();
    }
    let numbers = strokes.split(|c: char| c.is_ascii_alphabetic() || c == ' ' || c == ',');
    let numbers: Vec<f64> = numbers.filter(|text| !text.is_empty()).filter_map(|text| text.parse().ok()).collect();
    let span = |from: usize| {
        let each = || numbers.iter().skip(from).step_by(2).copied().filter(|n| n.is_finite());
        (each().fold(f64::INFINITY, f64::min), each().fold(f64::NEG_INFINITY, f64::max))
    };
    let ((left, right), (top, bottom)) = (span(0), span(1));
    if !(left <= right && top <= bottom) {
        return GLASS.to_owned();
    }
    let margin = 8.0;
    format!("{} {} {} {}", left - margin, top - margin, right - left + 2.0 * margin, bottom - top + 2.0 * margin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_fills_its_box_wherever_on_the_glass_it_was_written() {
        assert_eq!(frame("M10 10 Q 20 0 30 10"), "2 -8 36 26");
        assert_eq!(frame("M100,50L300,90"), "92 42 216 56");
        for odd in ["", "m10 10 l5 5", "M"] {
            assert_eq!(frame(odd), "0 0 600 260", "{odd}");
        }
    }
}
