//! One person's phones: what each last said of itself; inviting one, by a code that is shown once; locking one out,
//! with a reason, since lost and left do different things.

use super::super::act::{self, Done, Wish, fresh_id, last_decision};
use super::super::audit::{self, Act};
use super::super::form::Form;
use super::super::page::{Frame, Nav, on_to, render, render_as};
use super::super::qr;
use super::super::show::Almanac;
use super::super::visit::{Filed, Reached, Visitor};
use super::person;
use super::phone_line::{PhoneLine, REASONS, reason_means, reason_name, reason_word};
use crate::http::{Gateway, Problem};
use crate::relay::{Device, DeviceKind};
use crate::staff::{self, InviteFault};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use outpost_model::command::{Ask, Place};
use outpost_model::id::{CommandId, DeviceId, Hash, UserId};
use outpost_model::invitation::{Invitation, parse_server};
use outpost_model::problem::Code;
use std::sync::Arc;

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/person/{user}/phones", post(invite))
        .route("/person/{user}/phones/{device}", get(show).post(revoke))
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    f: Frame,
    back: String,
    device: String,
    drawing: Option<String>,
    text: String,
    until: String,
    until_ms: i64,
    server: String,
    is_only_here: bool,
}

async fn invite(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(user): Path<String>,
    reached: Reached,
    filed: Filed,
) -> Result<Response, Problem> {
    Nav::People.check_change(&filed.visitor)?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let (w, mut form) = (visitor.w, Form::with(fields));
            let person = person::known(&visitor, &user)?;
            let Ok(id) = CommandId::parse(form.get("id")) else { return Err(Problem::of(Code::CsrfInvalid)) };
            let server = parse_server(form.get("server"));
            if server.is_err() {
                form.blame("server", w.not_a_server());
            }
            // The same form sent again speaks of the same phone.
            let device = match form.get("device") {
                "" => staff::name_phone(&person.user, spread(id)),
                named => DeviceId::parse(named).map_err(|_| Problem::of(Code::NotFound))?,
            };
            let Ok(server) = server else {
                return person::draw(gateway, &visitor, &reached, person, form, StatusCode::UNPROCESSABLE_ENTITY);
            };
            let by = (&visitor.user, id);
            let invited = match staff::invite(gateway.relay(), by, &person.user, device, rand::random()) {
                Ok(invited) => invited,
                Err(fault) => {
                    form.trouble = Some(match fault {
                        InviteFault::Inactive(_) => w.invite_inactive().to_owned(),
                        InviteFault::HasKey(device) => w.invite_has_key(device),
                        InviteFault::OfAnother(device, user) => w.invite_of_another(device, user),
                        InviteFault::Denied(denied) => return Err(denied.into()),
                    });
                    return person::draw(gateway, &visitor, &reached, person, form, StatusCode::CONFLICT);
                }
            };
            audit::note(gateway, &visitor.user, Act::Invitation, format!("{} {}", person.user, invited.device));
            let almanac = Almanac { w, zone: &visitor.directory.policy.zone, now: visitor.now };
            let invitation = Invitation {
                server: server.clone(),
                tenant: visitor.directory.tenant.clone(),
                user: person.user.clone(),
                device: invited.device.clone(),
                code: invited.code,
            };
            let text = invitation.to_string();
            Ok(render(&InvitationPage {
                back: format!("/person/{}", person.user),
                device: invited.device.to_string(),
                drawing: qr::draw(&text, w.invitation_label()),
                text,
                until: almanac.moment(invited.expires),
                until_ms: invited.expires.0,
                is_only_here: server.starts_with("http://"),
                server,
                f: Frame::of(&visitor, Some(Nav::People), w.invite_title(&person.name)),
            }))
        })
        .await
}

/// Bytes for a phone's name that follow from the form.
fn spread(id: CommandId) -> [u8; 25] {
    let hash = Hash::of(&id.0).0;
    std::array::from_fn(|n| hash[n])
}

struct Reason {
    name: &'static str,
    word: &'static str,
    means: &'static str,
}

#[derive(Template)]
#[template(path = "revoke.html")]
struct RevokePage {
    f: Frame,
    form: Form,
    id: String,
    after: String,
    back: String,
    post_to: String,
    phone: PhoneLine,
    reasons: Vec<Reason>,
}

type Ids = Path<(String, String)>;

async fn show(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path((user, device)): Ids,
    visitor: Visitor,
) -> Result<Response, Problem> {
    Nav::People.check_change(&visitor)?;
    gateway
        .blocking(move |gateway| {
            let phone = find(gateway, &user, &device)?;
            draw(gateway, &visitor, phone, Form::default(), StatusCode::OK)
        })
        .await
}

/// That person's phone of that name.
fn find(gateway: &Gateway, user: &str, device: &str) -> Result<Device, Problem> {
    let none = || Problem::of(Code::NotFound);
    let (user, device) = (UserId::parse(user).map_err(|_| none())?, DeviceId::parse(device).map_err(|_| none())?);
    let phone = gateway.relay().device(&device)?.ok_or_else(none)?;
    if phone.user == user && phone.kind == DeviceKind::Phone { Ok(phone) } else { Err(none()) }
}

fn draw(
    gateway: &Gateway,
    visitor: &Visitor,
    phone: Device,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
    let devices = Place::Devices.page(&directory.tenant);
    let after = gateway.relay().store().read(|db| last_decision(db, directory, devices))?;
    let reasons = REASONS.into_iter().map(|reason| Reason {
        name: reason_name(reason),
        word: reason_word(w, reason),
        means: reason_means(w, reason),
    });
    Ok(render_as(
        status,
        &RevokePage {
            id: fresh_id(visitor.now),
            after: after.map_or("none".into(), |id| id.to_string()),
            back: format!("/person/{}", phone.user),
            post_to: format!("/person/{}/phones/{}", phone.user, phone.device),
            reasons: reasons.collect(),
            f: Frame::of(visitor, Some(Nav::People), w.revoke_title(directory.name_of(&phone.user))),
            phone: PhoneLine::of(&phone, &almanac),
            form,
        },
    ))
}

async fn revoke(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path((user, device)): Ids,
    filed: Filed,
) -> Result<Response, Problem> {
    Nav::People.check_change(&filed.visitor)?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let phone = find(gateway, &user, &device)?;
            let mut form = Form::with(fields);
            let chosen = REASONS.into_iter().find(|reason| form.chose("reason", reason_name(*reason)));
            let Some(reason) = chosen else {
                form.blame("reason", visitor.w.revoke_choose());
                return draw(gateway, &visitor, phone, form, StatusCode::UNPROCESSABLE_ENTITY);
            };
            form.fields.set("about", format!("{} {}", phone.device, reason_name(reason)));
            let ask = Some(Ask::Revoke { device: phone.device.clone(), reason });
            match act::take(gateway, &visitor, form, Wish { ask, write: None })? {
                Done::Taken => Ok(on_to(&format!("/person/{user}"), "revoked")),
                Done::AlreadySo => Ok(on_to(&format!("/person/{user}"), "already")),
                Done::Not(form) => draw(gateway, &visitor, phone, form, StatusCode::CONFLICT),
            }
        })
        .await
}
