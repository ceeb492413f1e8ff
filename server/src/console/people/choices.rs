//! What a person's forms offer: roles and stations, the chosen one marked.

use super::super::directory::Directory;
use super::super::orders::Choice;
use super::super::words::Words;
use outpost_model::record::Role;

pub fn role_choices(w: Words, chosen: &str) -> Vec<Choice> {
    let roles = Role::ALL.into_iter().map(|role| Choice {
        value: role.name().to_owned(),
        word: w.role(role).to_owned(),
        is_chosen: role.name() == chosen,
    });
    roles.collect()
}

pub fn station_choices(directory: &Directory, chosen: &str) -> Vec<Choice> {
    let stations = directory.stations.values();
    let choice = stations.map(|one| Choice {
        value: one.station.to_string(),
        word: one.name.clone(),
        is_chosen: one.station.as_str() == chosen,
    });
    choice.collect()
}
