//! `outpost key`: the keys that sign the phones' access tokens. Changing them disturbs nobody: an old one still
//! verifies until the last token that it signed has run out. A running relay notices by itself.

use crate::office::{Data, Office, columns};
use crate::trouble::Trouble;
use clap::Subcommand;
use outpost_model::time::Zone;
use outpost_server::auth::signing_key;
use outpost_server::config::Lifetimes;

#[derive(clap::Args)]
#[command(after_help = "Example, once a year or when a key may have been seen:\n  outpost key rotate --data DIR")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Show the signing keys
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Make a new key, which signs from now on; those that nothing needs any more are removed
    Rotate {
        #[command(flatten)]
        data: Data,
    },
}

pub fn run(args: Args) -> Result<(), Trouble> {
    match args.action {
        Action::List { data } => {
            let office = Office::open(&data)?;
            let zone = office.relay.policy()?.zone.clone();
            list(&office, &zone)
        }
        Action::Rotate { data } => {
            let office = Office::open(&data)?;
            let (folder, life) = (office.folder.keys(), Lifetimes::default().token);
            let kid = signing_key::make(&folder, office.now(), rand::random())?;
            let removed = signing_key::remove_unneeded(&folder, office.now(), life)?;
            println!("{kid} signs from now on.");
            for kid in removed {
                println!("{kid} is removed: its last token ran out.");
            }
            Ok(())
        }
    }
}

fn list(office: &Office, zone: &Zone) -> Result<(), Trouble> {
    let (keys, life) = (signing_key::load(&office.folder.keys())?, Lifetimes::default().token);
    let rows = keys.iter().enumerate().map(|(place, key)| {
        let state = match keys.get(place + 1) {
            None => "signs",
            Some(next) if office.now().since(next.made) < life => "verifies",
            Some(_) => "not needed",
        };
        vec![key.kid.clone(), zone.rfc3339(key.made), state.to_owned()]
    });
    print!("{}", columns(&["key", "made", "state"], rows.collect()));
    Ok(())
}
