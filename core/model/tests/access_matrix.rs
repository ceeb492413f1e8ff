//! Role × station × thing × action, all of it, against the page that people read: `docs/access.md`.
//! After a change of rights, look at the difference and write it with `OUTPOST_BLESS=1`.

use outpost_model::access::{Action, Actor, Thing, ThingKind, allows};
use outpost_model::id::{StationId, UserId};
use outpost_model::record::Role;

/// How the actor stands to the thing.
const RELATIONS: [&str; 4] = ["here", "elsewhere", "involved", "own"];

fn actor(role: Role) -> Actor {
    let station = matches!(role, Role::Engineer | Role::Lead).then(|| StationId::parse("st-1").unwrap());
    Actor { user: UserId::parse("u-1").unwrap(), role, station }
}

fn thing(kind: ThingKind, relation: &str) -> Thing {
    let station = if relation == "here" || relation == "own" { "st-1" } else { "st-2" };
    Thing {
        kind,
        station: Some(StationId::parse(station).unwrap()),
        person: Some(UserId::parse(if relation == "own" { "u-1" } else { "u-2" }).unwrap()),
        involved: relation == "involved",
    }
}

fn matrix() -> String {
    let mut page = String::from(
        "# Who may do what\n\nMade from `core/model/src/access.rs` by its test; every read and write asks that one function.\n\n\
         A cell says for which things the right holds: **all**, those of the actor's own station (`here`), those he is\n\
         or was on (`involved`), his own (`own`); empty means never.\n\n| action | thing |",
    );
    for role in Role::ALL {
        page += &format!(" {} |", role.name());
    }
    page += &format!("\n|---|---|{}\n", "---|".repeat(Role::ALL.len()));
    for action in Action::ALL {
        for kind in ThingKind::ALL {
            let cells: Vec<String> = Role::ALL
                .iter()
                .map(|role| {
                    let held: Vec<&str> = RELATIONS
                        .into_iter()
                        .filter(|relation| allows(&actor(*role), action, &thing(kind, relation)))
                        .collect();
                    if held.len() == RELATIONS.len() { "**all**".to_owned() } else { held.join(", ") }
                })
                .collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                page += &format!("| {action:?} | {kind:?} | {} |\n", cells.join(" | "));
            }
        }
    }
    page
}

#[test]
fn the_page_about_rights_says_what_the_function_does() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/access.md");
    if std::env::var_os("OUTPOST_BLESS").is_some() {
        std::fs::write(path, matrix()).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(committed, matrix(), "docs/access.md is out of date: see the head of this test");
}

#[test]
fn nobody_decides_about_himself() {
    for role in Role::ALL {
        for action in [Action::DecideLeave, Action::SignOff, Action::DecideForm, Action::DecideFormAtHq] {
            for kind in [ThingKind::Attendance, ThingKind::Form] {
                assert!(!allows(&actor(role), action, &thing(kind, "own")), "{role:?} {action:?}");
            }
        }
    }
}

#[test]
fn an_engineer_of_another_station_sees_and_writes_nothing() {
    for action in Action::ALL {
        let kinds = [ThingKind::Order, ThingKind::Attendance, ThingKind::Customer, ThingKind::Asset, ThingKind::Form];
        for kind in kinds.into_iter().chain([ThingKind::Devices]) {
            assert!(!allows(&actor(Role::Engineer), action, &thing(kind, "elsewhere")), "{action:?} {kind:?}");
        }
    }
}
