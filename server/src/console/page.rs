//! The frame around every page: the rail, the head, what was just done. A page is a template that extends
//! `frame.html` and has the frame as its field `f`.

use super::assets;
use super::badges::Badges;
use super::visit::Visitor;
use super::words::Words;
use crate::http::Problem;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use outpost_model::access::Action;
use outpost_model::problem::Code;
use outpost_model::record::Role;
use outpost_model::table::Table;

/// Where in the rail a page belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nav {
    Today,
    Orders,
    Attendance,
    Approvals,
    Flags,
    Refused,
    Cash,
    People,
    Policy,
    Exports,
    Audit,
}

impl Nav {
    const ALL: [Nav; 11] = [
        Nav::Today,
        Nav::Orders,
        Nav::Attendance,
        Nav::Approvals,
        Nav::Cash,
        Nav::Flags,
        Nav::Refused,
        Nav::People,
        Nav::Policy,
        Nav::Exports,
        Nav::Audit,
    ];

    pub fn path(self) -> &'static str {
        match self {
            Nav::Today => "/today",
            Nav::Orders => "/orders",
            Nav::Attendance => "/attendance",
            Nav::Approvals => "/approvals",
            Nav::Flags => "/flags",
            Nav::Refused => "/refused",
            Nav::Cash => "/cash",
            Nav::People => "/people",
            Nav::Policy => "/policy",
            Nav::Exports => "/exports",
            Nav::Audit => "/audit",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Nav::Today => "home",
            Nav::Orders => "clipboard-list",
            Nav::Attendance => "calendar-month",
            Nav::Approvals => "hourglass",
            Nav::Flags => "flag",
            Nav::Refused => "ban",
            Nav::Cash => "cash",
            Nav::People => "users",
            Nav::Policy => "adjustments",
            Nav::Exports => "file-export",
            Nav::Audit => "history",
        }
    }

    fn word(self, w: Words) -> &'static str {
        match self {
            Nav::Today => w.today(),
            Nav::Orders => w.orders(),
            Nav::Attendance => w.attendance(),
            Nav::Approvals => w.approvals(),
            Nav::Flags => w.flags(),
            Nav::Refused => w.refused(),
            Nav::Cash => w.cash(),
            Nav::People => w.people(),
            Nav::Policy => w.policy(),
            Nav::Exports => w.exports(),
            Nav::Audit => w.audit(),
        }
    }

    /// Whether a page of this kind is there for that person: what he can't open isn't shown, and isn't served.
    pub fn is_for(self, visitor: &Visitor) -> bool {
        let sight = &visitor.sight;
        match self {
            Nav::Today => !sight.orders().is_nothing() && !sight.people().is_nothing(),
            Nav::Orders => !sight.orders().is_nothing(),
            Nav::Cash => sight.may_anywhere(Action::Cash),
            Nav::Audit | Nav::People | Nav::Policy => sight.sees_devices(),
            Nav::Attendance | Nav::Refused => !sight.people().is_nothing(),
            Nav::Flags => !sight.orders().is_nothing() && !sight.people().is_nothing(),
            Nav::Approvals => sight.decides(),
            Nav::Exports => Table::ALL.into_iter().any(|table| !sight.table(table, &visitor.directory).is_nothing()),
        }
    }

    /// How much waits there.
    fn waiting(self, badges: Badges) -> u32 {
        match self {
            Nav::Approvals => badges.approvals,
            Nav::Flags => badges.flags,
            Nav::Refused => badges.refused,
            Nav::Cash => badges.cash,
            Nav::Today | Nav::Orders | Nav::Attendance | Nav::People | Nav::Policy | Nav::Exports | Nav::Audit => 0,
        }
    }

    /// Refuses whoever may look at such a page and changes nothing there.
    pub fn check_change(self, visitor: &Visitor) -> Result<(), Problem> {
        self.check(visitor)?;
        if visitor.sight.administers() { Ok(()) } else { Err(Problem::of(Code::NotAllowed)) }
    }

    /// Refuses whoever has no such page, in the same words as where there is none.
    pub fn check(self, visitor: &Visitor) -> Result<(), Problem> {
        if self.is_for(visitor) { Ok(()) } else { Err(Problem::of(Code::NotFound)) }
    }
}

/// Bytes to be kept as a file, never shown.
pub fn attached(name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let kind = (header::CONTENT_TYPE, "application/octet-stream".to_owned());
    ([kind, (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

/// Where somebody lands who has just signed in.
pub fn landing(visitor: &Visitor) -> &'static str {
    match visitor.sight.person.role {
        Role::Clerk => "/orders/new",
        Role::Cashier => "/cash",
        Role::Lead | Role::Hq | Role::Auditor => "/today",
        Role::Engineer => "/phone",
    }
}

pub struct NavItem {
    pub path: &'static str,
    pub icon: &'static str,
    pub word: &'static str,
    pub is_here: bool,
    pub count: u32,
}

pub struct Frame {
    pub w: Words,
    pub title: String,
    pub nav: Vec<NavItem>,
    pub name: String,
    pub place: String,
    pub csrf: String,
    /// The page's own address, to come back to.
    pub address: String,
    /// Where searching leads; empty for whoever has nothing to search.
    pub may_search: bool,
    pub sought: String,
    /// What was just done, said once.
    pub told: Option<String>,
    pub style: &'static str,
    pub script: &'static str,
    pub sprite: &'static str,
    pub mark: &'static str,
}

impl Frame {
    pub fn of(visitor: &Visitor, here: Option<Nav>, title: impl Into<String>) -> Self {
        let w = visitor.w;
        let items = Nav::ALL.into_iter().filter(|nav| nav.is_for(visitor)).map(|nav| NavItem {
            path: nav.path(),
            icon: nav.icon(),
            word: nav.word(w),
            is_here: here == Some(nav),
            count: nav.waiting(visitor.badges),
        });
        let sight = &visitor.sight;
        let station = visitor.directory.station_name(sight.person.station.as_ref());
        let place = station.unwrap_or_else(|| w.role(sight.person.role).to_owned());
        Self {
            w,
            title: title.into(),
            nav: items.collect(),
            name: sight.person.name.clone(),
            place,
            csrf: visitor.csrf(),
            address: visitor.address.clone(),
            may_search: !sight.orders().is_nothing(),
            sought: String::new(),
            told: told(w, visitor.asked("done")),
            style: assets::style(),
            script: assets::script(),
            sprite: assets::sprite(),
            mark: assets::mark(),
        }
    }

    /// For who hasn't signed in.
    pub fn outside(w: Words, title: impl Into<String>, address: &str) -> Self {
        Self {
            w,
            title: title.into(),
            nav: Vec::new(),
            name: String::new(),
            place: String::new(),
            csrf: String::new(),
            address: address.to_owned(),
            may_search: false,
            sought: String::new(),
            told: None,
            style: assets::style(),
            script: assets::script(),
            sprite: assets::sprite(),
            mark: assets::mark(),
        }
    }

    /// One icon. Beside a word it is decoration; alone, its link or button carries the label.
    pub fn icon(&self, name: &str) -> String {
        format!(
            "<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"{}#i-{name}\"/></svg>",
            self.sprite
        )
    }

    /// The address of this page in the other language.
    pub fn in_other_language(&self) -> String {
        let back: String = form_urlencoded::byte_serialize(self.address.as_bytes()).collect();
        format!("/language/{}?back={back}", self.w.0.other().tag())
    }
}

/// What the address says was done: a word of ours, never a text of whoever made the address.
fn told(w: Words, done: &str) -> Option<String> {
    let text = match done {
        "saved" => w.saved(),
        "cash" => w.cash_done(),
        "dispatched" => w.dispatched_done(),
        "registered" => w.registered_done(),
        "rebooked" => w.rebooked_done(),
        "settled" => w.settled_done(),
        "same" => w.same_done(),
        "helper" => w.helper_removed_done(),
        "customer" => w.customer_saved(),
        "nothing" => w.nothing_changed(),
        "already" => w.already_so(),
        "again" => w.done_already(),
        "cancelled" => w.cancelled_done(),
        "filed" => w.closed_done(),
        "reopened" => w.reopened_done(),
        "followed" => w.followed_up_done(),
        "inspected" => w.inspected_done(),
        "failed" => w.not_passed_done(),
        "voided" => w.voided_done(),
        "approved" => w.leave_approved(),
        "returned" => w.leave_returned(),
        "sealed" => w.sealed_done(),
        "unsealed" => w.unsealed_done(),
        "corrected" => w.corrected_done(),
        "entry_voided" => w.entry_voided_done(),
        "form_approved" => w.form_approved_done(),
        "form_returned" => w.form_returned_done(),
        "out" => w.signed_out(),
        "person" => w.person_saved(),
        "gone" => w.person_left(),
        "accepted" => w.review_accepted(),
        "declined" => w.review_declined(),
        "policy" => w.policy_saved(),
        "phone_fixed" => w.phone_fix_done(),
        "revoked" => w.phone_locked_out(),
        _ => return None,
    };
    Some(text.to_owned())
}

/// What browsers let a page of ours do: its own style, script, pictures and stream, and nothing written into the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page as it goes out.
pub fn render(page: &impl Template) -> Response {
    render_as(StatusCode::OK, page)
}

pub fn render_as(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => {
            let mut response = (status, Html(text)).into_response();
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("Cookie, Accept-Language"));
            response
        }
        Err(error) => {
            tracing::error!(%error, "a page can't be drawn");
            Problem::of(Code::Internal).into_response()
        }
    }
}

/// On to another page after something was done; reloading that page does nothing again. What an earlier form had done is
/// said no more.
pub fn on_to(path: &str, done: &str) -> Response {
    Redirect::to(&said(path, done)).into_response()
}

fn said(path: &str, done: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("done=")).map(str::to_owned);
    let pairs: Vec<String> = kept.chain((!done.is_empty()).then(|| format!("done={done}"))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// An address within this console, from outside; anything else leads to the first page.
pub fn inward(address: &str) -> &str {
    let is_ours = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains('\\')
        && address.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    if is_ours { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_done_last_is_said() {
        assert_eq!(said("/approvals", "returned"), "/approvals?done=returned");
        assert_eq!(said("/today?at=st-1&done=approved", "returned"), "/today?at=st-1&done=returned");
        assert_eq!(said("/approvals?done=approved", ""), "/approvals");
    }

    #[test]
    fn nobody_is_led_out_of_the_console() {
        for out in
            ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1", "", "/a\r\nSet-Cookie: x"]
        {
            assert_eq!(inward(out), "/", "{out:?}");
        }
        assert_eq!(inward("/orders?state=open"), "/orders?state=open");
    }
}
