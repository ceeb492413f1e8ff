//! `outpost user`: who there is, and how they sign in at the console.

use crate::office::{Data, Office, columns};
use crate::trouble::Trouble;
use clap::Subcommand;
use outpost_model::command::Ask;
use outpost_model::id::{StationId, UserId};
use outpost_model::problem::Code;
use outpost_model::record::{Person, Role};
use outpost_server::auth::password;
use outpost_server::staff;
use std::io::BufRead;

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    outpost user add u-17 --name 王工 --role engineer --station st-1 --data DIR\n  \
    outpost user password u-17 --generate --data DIR\n  \
    outpost user deactivate u-17 --data DIR")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Show everybody on record
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Put a person on record
    Add {
        /// The company's own staff number, for example u-17
        #[arg(value_name = "USER", value_parser = UserId::parse)]
        user: UserId,
        /// Name as the lists show it
        #[arg(long)]
        name: String,
        /// engineer, lead, clerk, cashier, hq or auditor
        #[arg(long, value_parser = role)]
        role: Role,
        /// Station of an engineer or lead
        #[arg(long, value_parser = StationId::parse)]
        station: Option<StationId>,
        #[command(flatten)]
        data: Data,
    },
    /// Give a person a new password for the console; sessions under the old one end
    Password {
        #[arg(value_name = "USER", value_parser = UserId::parse)]
        user: UserId,
        /// Make one up and show it, instead of asking
        #[arg(long, conflicts_with = "stdin")]
        generate: bool,
        /// Read it from standard input, one line
        #[arg(long)]
        stdin: bool,
        #[command(flatten)]
        data: Data,
    },
    /// End a person's access and his phones'; what he logged stays
    Deactivate {
        #[arg(value_name = "USER", value_parser = UserId::parse)]
        user: UserId,
        #[command(flatten)]
        data: Data,
    },
}

fn role(name: &str) -> Result<Role, String> {
    Role::parse(name).ok_or_else(|| "one of engineer, lead, clerk, cashier, hq, auditor".into())
}

pub fn run(args: Args) -> Result<(), Trouble> {
    match args.action {
        Action::List { data } => list(&Office::open(&data)?),
        Action::Add { user, name, role, station, data } => {
            let office = Office::open(&data)?;
            add(&office, Person { user, name, role, station, active: true })
        }
        Action::Password { user, generate, stdin, data } => {
            let office = Office::open(&data)?;
            office.active_person(&user)?;
            let chosen = match (generate, stdin) {
                (true, _) => password::made_up(rand::random()),
                (false, true) => read_line()?,
                (false, false) => ask_twice()?,
            };
            staff::set_password(&office.relay, &user, password::hash(&chosen, rand::random())?)?;
            if generate {
                println!("{user} 密码 password: {chosen}\nThis is shown only now 仅显示一次.");
            } else {
                println!("The password of {user} is set.");
            }
            Ok(())
        }
        Action::Deactivate { user, data } => deactivate(&Office::open(&data)?, &user),
    }
}

fn list(office: &Office) -> Result<(), Trouble> {
    let rows = office.relay.people()?.into_iter().map(|person| {
        let station = person.station.map(|station| station.to_string()).unwrap_or_default();
        let active = String::from(if person.active { "yes" } else { "no" });
        vec![person.user.to_string(), person.name, person.role.name().to_owned(), station, active]
    });
    print!("{}", columns(&["user", "name", "role", "station", "active"], rows.collect()));
    Ok(())
}

fn add(office: &Office, person: Person) -> Result<(), Trouble> {
    if office.relay.person(&person.user)?.is_some() {
        return Err(Trouble::PersonExists(person.user));
    }
    match (person.role.is_stationed(), &person.station) {
        (true, None) => return Err(Trouble::StationNeeded),
        (false, Some(_)) => return Err(Trouble::StationUnneeded),
        (true, Some(_)) | (false, None) => {}
    }
    let (user, station) = (person.user.clone(), person.station.clone());
    match office.decide(Ask::PutPerson { person }) {
        Err(Trouble::Denied(denied)) if denied.code == Code::StationUnknown => {
            return Err(station.map_or(Trouble::Denied(denied), Trouble::NoStation));
        }
        done => done?,
    }
    println!("{user} is on record.\nFor a phone:    outpost device code --user {user} --data DIR");
    println!("At the console: outpost user password {user} --data DIR");
    Ok(())
}

fn deactivate(office: &Office, user: &UserId) -> Result<(), Trouble> {
    let person = office.active_person(user)?;
    let (by, id) = (office.headquarters_beside(Some(user))?, office.fresh_id());
    if by == *user {
        return Err(Trouble::LastAtHeadquarters(by));
    }
    staff::decide(&office.relay, &by, id, Ask::PutPerson { person: Person { active: false, ..person } })?;
    staff::see_off(&office.relay, &by, user, id)?;
    println!("{user} has no access any more, nor have his phones. What he logged stays.");
    Ok(())
}

fn read_line() -> Result<String, Trouble> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(Trouble::Terminal)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn ask_twice() -> Result<String, Trouble> {
    let ask = |prompt| rpassword::prompt_password(prompt).map_err(Trouble::Terminal);
    let chosen = ask("New password 新密码: ")?;
    if ask("Once more 再输一次: ")? == chosen {
        Ok(chosen)
    } else {
        Err(Trouble::Unsound("the two differ; nothing was changed.".into()))
    }
}
