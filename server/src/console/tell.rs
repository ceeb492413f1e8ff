//! What was logged and decided, each in one line of words.

use super::directory::Directory;
use super::show::{Almanac, money};
use super::words::Words;
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::field;
use outpost_model::header::Kind;

pub fn field_name(w: Words, kind: Kind, name: &str) -> String {
    field::find(kind, name).map_or_else(|| name.to_owned(), |field| w.of(field.zh, field.en).to_owned())
}

/// Kinds of leave that the field app offers have words; any other is what was typed.
pub fn leave_kind(w: Words, kind: &str) -> String {
    let word = match kind {
        "annual" => w.of("年假", "annual leave"),
        "sick" => w.of("病假", "sick leave"),
        "personal" => w.of("事假", "personal leave"),
        "home" | "family" => w.of("探亲假", "home leave"),
        "marriage" => w.of("婚假", "marriage leave"),
        "bereavement" | "funeral" => w.of("丧假", "bereavement leave"),
        "compensatory" => w.of("调休", "time off in lieu"),
        other => return other.to_owned(),
    };
    word.to_owned()
}

/// `word：rest`, or the word alone.
fn with(w: Words, word: &str, rest: &str) -> String {
    match rest.is_empty() {
        true => word.to_owned(),
        false => format!("{word}{}{rest}", w.of("：", ": ")),
    }
}

/// What an entry says, without the place: for a table that has a column for it.
pub fn tell_plain(almanac: &Almanac<'_>, body: &Body) -> String {
    match body {
        Body::Arrive { .. } | Body::ClockIn { .. } | Body::ClockOut { .. } => almanac.w.act(body).to_owned(),
        _ => tell(almanac, body),
    }
}

/// What an entry says.
pub fn tell(almanac: &Almanac<'_>, body: &Body) -> String {
    let w = almanac.w;
    let word = w.act(body);
    let comma = w.of("，", ", ");
    let list = |parts: &[String]| {
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        parts.join(comma)
    };
    let rest = match body {
        Body::Set { field, value } => return with(w, &field_name(w, Kind::Order, field), value),
        Body::Void { reason, .. } => reason.clone(),
        Body::Register { fault, .. } => fault.clone(),
        Body::Contact { outcome, note, appointment } => {
            let agreed = appointment.map(|at| format!("{} {}", w.of("约", "agreed"), almanac.ahead(at)));
            list(&[w.reach(*outcome).to_owned(), agreed.unwrap_or_default(), note.clone()])
        }
        Body::Rebook { appointment, reason } => list(&[almanac.ahead(*appointment), reason.clone()]),
        Body::HandBack { reason } => reason.clone(),
        Body::Toolkit { missing } => match missing.is_empty() {
            true => w.of("齐", "complete").to_owned(),
            false => format!("{} {}", w.of("缺", "missing"), missing.join(w.of("、", ", "))),
        },
        Body::Repair { receipt_no, minutes, note } => {
            list(&[receipt_no.clone(), w.minutes_word(minutes), note.clone()])
        }
        Body::ReturnItem { receipt_no } => receipt_no.clone(),
        Body::FollowUp { note } => note.clone(),
        Body::Depart {} | Body::Returned {} => String::new(),
        Body::Arrive { place } | Body::ClockIn { place } | Body::ClockOut { place } => {
            return match place {
                Some(place) => format!("{word} ±{} {}", place.accuracy_m, w.of("米", "m")),
                None => word.to_owned(),
            };
        }
        Body::Leave { result } => w.visit_result(*result).to_owned(),
        Body::UsePart { name, qty, old_serial, new_serial, .. } => {
            let serial = |word: &str, serial: &Option<String>| {
                serial.as_ref().filter(|text| !text.is_empty()).map_or(String::new(), |text| format!("{word} {text}"))
            };
            list(&[
                format!("{name} × {qty}"),
                serial(w.of("旧", "old"), old_serial),
                serial(w.of("新", "new"), new_serial),
            ])
        }
        Body::Charge { item, amount, method, receipt_no } => list(&[
            format!("{item} {}", money(*amount)),
            w.pay(*method).to_owned(),
            receipt_no.clone().unwrap_or_default(),
        ]),
        Body::TakeBack { item, serial, receipt_no } => list(&[format!("{item} {serial}"), receipt_no.clone()]),
        Body::Photo { caption, .. } => caption.clone(),
        Body::Sign(sign) => list(&[sign.name.clone(), w.score(sign.score).to_owned()]),
        Body::Unsigned { reason } => reason.clone(),
        Body::RequestLeave { leave, from, to, reason } => {
            let days = if from == to { from.to_string() } else { format!("{from} – {to}") };
            list(&[leave_kind(w, leave), days, reason.clone()])
        }
        Body::GoOut { destination, expected_return } => {
            list(&[destination.clone(), format!("{} {}", w.of("约", "back about"), almanac.ahead(*expected_return))])
        }
        Body::Task { minutes, note } => list(&[w.minutes_word(minutes), note.clone()]),
        Body::ProductionPlan { text, .. } | Body::StaffChange { text } => text.clone(),
        #[allow(unreachable_patterns)]
        _ => String::new(),
    };
    with(w, word, &rest)
}

/// What a decision says.
pub fn tell_ask(almanac: &Almanac<'_>, directory: &Directory, ask: &Ask) -> String {
    let w = almanac.w;
    let word = w.ask(ask);
    match ask {
        Ask::Open { number, service_type, .. } => {
            with(w, word, &format!("{number}{}{}", w.of("，", ", "), w.service(*service_type)))
        }
        Ask::Assign { to, .. } => w.assigned_to(directory.name_of(to)),
        Ask::AddHelper { helper, .. } => w.helper_added(directory.name_of(helper)),
        Ask::RemoveHelper { helper, .. } => w.helper_removed(directory.name_of(helper)),
        Ask::Reopen { reason, .. } | Ask::Cancel { reason, .. } | Ask::Correct { reason, .. } => with(w, word, reason),
        Ask::FixByPhone { note, .. } => with(w, word, note),
        Ask::SameAs { reason, .. }
        | Ask::DecideLeave { reason, .. }
        | Ask::DecideForm { reason, .. }
        | Ask::EraseBlob { reason, .. } => with(w, word, reason),
        Ask::SignOff { month, .. } => with(w, word, &month.to_string()),
        Ask::Unseal { month, reason, .. } => with(w, word, &format!("{month} {reason}")),
        Ask::Inspect { receipt_no, .. } => with(w, word, receipt_no),
        Ask::VoidReceipt { receipt_no, reason, .. } => with(w, word, &format!("{receipt_no} {reason}")),
        _ => word.to_owned(),
    }
}
