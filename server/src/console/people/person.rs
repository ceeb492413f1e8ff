//! One person: who he is and where, his phones, a new password, and leaving. What changes him is a decision of the log
//! over what the page showed; a password stands beside it and is shown once.

use super::super::act::{self, Done, Wish, fresh_id, last_decision};
use super::super::audit::{self, Act};
use super::super::directory::Directory;
use super::super::form::Form;
use super::super::orders::Choice;
use super::super::page::{Frame, Nav, on_to, render, render_as};
use super::super::show::Almanac;
use super::super::visit::{Filed, Reached, Visitor};
use super::choices::{role_choices, station_choices};
use super::phone_line::PhoneLine;
use crate::auth::password;
use crate::http::{Gateway, Problem};
use crate::staff;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use outpost_model::command::{Ask, Place};
use outpost_model::id::{CommandId, StationId, UserId};
use outpost_model::problem::Code;
use outpost_model::record::{Person, Role};
use std::sync::Arc;

/// Letters of a name.
const MAX_NAME: usize = 60;

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/people/new", get(blank).post(add))
        .route("/person/{user}", get(show).post(change))
        .route("/person/{user}/leave", post(leave))
        .route("/person/{user}/back", post(come_back))
        .route("/person/{user}/password", post(new_password))
}

/// That person as the records have him.
pub fn known(visitor: &Visitor, user: &str) -> Result<Person, Problem> {
    let user = UserId::parse(user).ok();
    user.and_then(|user| visitor.directory.people.get(&user).cloned()).ok_or(Problem::of(Code::NotFound))
}

/// What all forms about people carry of what their page showed.
struct Shown {
    id: String,
    after: String,
}

impl Shown {
    fn now(gateway: &Gateway, visitor: &Visitor) -> Result<Self, Problem> {
        let (directory, records) = (&*visitor.directory, Place::Records.page(&visitor.directory.tenant));
        let after = gateway.relay().store().read(|db| last_decision(db, directory, records))?;
        Ok(Self { id: fresh_id(visitor.now), after: after.map_or("none".into(), |id| id.to_string()) })
    }
}

#[derive(Template)]
#[template(path = "person_new.html")]
struct NewPage {
    f: Frame,
    form: Form,
    shown: Shown,
    roles: Vec<Choice>,
    stations: Vec<Choice>,
}

async fn blank(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::People.check_change(&visitor)?;
    gateway.blocking(move |gateway| draw_new(gateway, &visitor, Form::default(), StatusCode::OK)).await
}

fn draw_new(gateway: &Gateway, visitor: &Visitor, form: Form, status: StatusCode) -> Result<Response, Problem> {
    let w = visitor.w;
    Ok(render_as(
        status,
        &NewPage {
            shown: Shown::now(gateway, visitor)?,
            roles: role_choices(w, form.get("role")),
            stations: station_choices(&visitor.directory, form.get("station")),
            f: Frame::of(visitor, Some(Nav::People), w.person_new()),
            form,
        },
    ))
}

/// Who the form says he is; its faults are blamed on its fields.
fn read(form: &mut Form, visitor: &Visitor, user: Option<UserId>, active: bool) -> Option<Person> {
    let w = visitor.w;
    let name = form.text(w, "name", w.person_name(), MAX_NAME);
    let role = form.choice(w, "role", Role::parse);
    let station = StationId::parse(form.get("station")).ok();
    if let Some(role) = role {
        let is_known = station.as_ref().is_some_and(|station| visitor.directory.stations.contains_key(station));
        if role.is_stationed() && !is_known {
            form.blame("station", w.station_needed());
        } else if !role.is_stationed() && !form.get("station").is_empty() {
            form.blame("station", w.station_unneeded());
        }
    }
    let (role, user) = role.zip(user)?;
    form.is_sound().then_some(Person { user, name, role, station, active })
}

async fn add(Shared(gateway): Shared<Arc<Gateway>>, filed: Filed) -> Result<Response, Problem> {
    Nav::People.check_change(&filed.visitor)?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let (w, mut form) = (visitor.w, Form::with(fields));
            let user = UserId::parse(form.get("user")).ok();
            match &user {
                None => form.blame("user", w.not_a_code()),
                // The same form again finds the person whom it made.
                Some(user)
                    if visitor.directory.people.contains_key(user) && !act::was_taken(gateway, &visitor, &form)? =>
                {
                    form.blame("user", w.person_exists());
                }
                Some(_) => {}
            }
            let Some(person) = read(&mut form, &visitor, user, true) else {
                return draw_new(gateway, &visitor, form, StatusCode::UNPROCESSABLE_ENTITY);
            };
            let path = format!("/person/{}", person.user);
            form.fields.set("about", person.user.to_string());
            match act::take(gateway, &visitor, form, Wish { ask: Some(Ask::PutPerson { person }), write: None })? {
                Done::Taken => Ok(on_to(&path, "person")),
                Done::AlreadySo => Ok(on_to(&path, "already")),
                Done::Not(form) => draw_new(gateway, &visitor, form, StatusCode::CONFLICT),
            }
        })
        .await
}

#[derive(Template)]
#[template(path = "person.html")]
struct Page {
    f: Frame,
    form: Form,
    shown: Shown,
    user: String,
    name: String,
    facts: Vec<(&'static str, String)>,
    is_active: bool,
    is_self: bool,
    may_change: bool,
    roles: Vec<Choice>,
    stations: Vec<Choice>,
    phones: Vec<PhoneLine>,
    /// Nothing that he could work with yet.
    wants_phone: bool,
    server: String,
    leaving: String,
}

impl Page {
    fn is_open(&self, deed: &str) -> bool {
        !self.form.is_sound() && self.form.chose("do", deed)
    }
}

async fn show(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(user): Path<String>,
    reached: Reached,
    visitor: Visitor,
) -> Result<Response, Problem> {
    Nav::People.check(&visitor)?;
    gateway
        .blocking(move |gateway| {
            let person = known(&visitor, &user)?;
            draw(gateway, &visitor, &reached, person, Form::default(), StatusCode::OK)
        })
        .await
}

pub fn draw(
    gateway: &Gateway,
    visitor: &Visitor,
    reached: &Reached,
    person: Person,
    mut form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
    let mut phones = staff::phones_of(gateway.relay(), &person.user)?;
    // In use first, then those that wait for their phone, then those locked out.
    phones.sort_by_key(|phone| (phone.revoked.is_some(), phone.public_key.is_none(), phone.device.clone()));
    let enrolled = phones.iter().filter(|phone| phone.revoked.is_none()).count();
    let prefilled = [
        ("name", person.name.clone()),
        ("role", person.role.name().to_owned()),
        ("station", person.station.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("server", reached.0.clone()),
    ];
    for (name, value) in prefilled {
        if !form.fields.has(name) {
            form.fields.set(name, value);
        }
    }
    Ok(render_as(
        status,
        &Page {
            shown: Shown::now(gateway, visitor)?,
            facts: facts(visitor, directory, &person),
            is_active: person.active,
            is_self: person.user == visitor.user,
            may_change: visitor.sight.administers(),
            roles: role_choices(w, form.get("role")),
            stations: station_choices(directory, form.get("station")),
            phones: phones.iter().map(|phone| PhoneLine::of(phone, &almanac)).collect(),
            wants_phone: person.active && person.role.is_stationed() && enrolled == 0,
            server: form.get("server").to_owned(),
            leaving: if enrolled == 0 { w.leave_means_none().to_owned() } else { w.leave_means(enrolled) },
            user: person.user.to_string(),
            f: Frame::of(visitor, Some(Nav::People), person.name.clone()),
            name: person.name,
            form,
        },
    ))
}

fn facts(visitor: &Visitor, directory: &Directory, person: &Person) -> Vec<(&'static str, String)> {
    let w = visitor.w;
    let mut facts = vec![(w.staff_number(), person.user.to_string()), (w.role_word(), w.role(person.role).to_owned())];
    if let Some(station) = directory.station_name(person.station.as_ref()) {
        facts.push((w.station(), station));
    }
    facts.push((w.state(), if person.active { w.people_here() } else { w.people_gone() }.to_owned()));
    facts
}

async fn change(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(user): Path<String>,
    reached: Reached,
    filed: Filed,
) -> Result<Response, Problem> {
    Nav::People.check_change(&filed.visitor)?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let before = known(&visitor, &user)?;
            let mut form = Form::with(fields);
            match read(&mut form, &visitor, Some(before.user.clone()), before.active) {
                None => draw(gateway, &visitor, &reached, before, form, StatusCode::UNPROCESSABLE_ENTITY),
                Some(person) => put(gateway, &visitor, &reached, (before, person), form, "person").map(|done| done.0),
            }
        })
        .await
}

async fn leave(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(user): Path<String>,
    reached: Reached,
    filed: Filed,
) -> Result<Response, Problem> {
    Nav::People.check_change(&filed.visitor)?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let before = known(&visitor, &user)?;
            let form = Form::with(fields);
            let id = CommandId::parse(form.get("id")).map_err(|_| Problem::of(Code::CsrfInvalid))?;
            let gone = Person { active: false, ..before.clone() };
            let (answer, is_done) = put(gateway, &visitor, &reached, (before, gone.clone()), form, "gone")?;
            if is_done {
                for phone in staff::see_off(gateway.relay(), &visitor.user, &gone.user, id)? {
                    audit::note(gateway, &visitor.user, Act::Decision, format!("revoke {phone} left"));
                }
            }
            Ok(answer)
        })
        .await
}

async fn come_back(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(user): Path<String>,
    reached: Reached,
    filed: Filed,
) -> Result<Response, Problem> {
    Nav::People.check_change(&filed.visitor)?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let before = known(&visitor, &user)?;
            let again = Person { active: true, ..before.clone() };
            put(gateway, &visitor, &reached, (before, again), Form::with(fields), "person").map(|done| done.0)
        })
        .await
}

/// Puts him on record so; whether it was done stands beside the answer.
fn put(
    gateway: &Gateway,
    visitor: &Visitor,
    reached: &Reached,
    (before, person): (Person, Person),
    mut form: Form,
    told: &str,
) -> Result<(Response, bool), Problem> {
    let path = format!("/person/{}", person.user);
    form.fields.set("about", person.user.to_string());
    let wish = Wish { ask: Some(Ask::PutPerson { person }), write: None };
    Ok(match act::take(gateway, visitor, form, wish)? {
        Done::Taken => (on_to(&path, told), true),
        Done::AlreadySo => (on_to(&path, "already"), true),
        Done::Not(form) => (draw(gateway, visitor, reached, before, form, StatusCode::CONFLICT)?, false),
    })
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    f: Frame,
    back: String,
    user: String,
    password: String,
}

async fn new_password(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(user): Path<String>,
    filed: Filed,
) -> Result<Response, Problem> {
    Nav::People.check_change(&filed.visitor)?;
    gateway
        .blocking(move |gateway| {
            let visitor = filed.visitor;
            let person = known(&visitor, &user)?;
            if !person.active {
                return Err(Problem::of(Code::PersonInactive));
            }
            let chosen = password::made_up(rand::random());
            let phc = password::hash(&chosen, rand::random()).map_err(|_| Problem::of(Code::Internal))?;
            staff::set_password(gateway.relay(), &person.user, phc)?;
            audit::note(gateway, &visitor.user, Act::Password, person.user.to_string());
            Ok(render(&PasswordPage {
                back: format!("/person/{}", person.user),
                user: person.user.to_string(),
                password: chosen,
                f: Frame::of(&visitor, Some(Nav::People), visitor.w.password_title(&person.name)),
            }))
        })
        .await
}
