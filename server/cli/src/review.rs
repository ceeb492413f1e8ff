//! `outpost review`: what phones handed in that can't sync any more, and what headquarters says to it.

use crate::office::{Data, Office, columns};
use crate::trouble::Trouble;
use clap::Subcommand;
use outpost_model::canon::to_canonical;
use outpost_model::time::Zone;
use outpost_model::wire::Verdict;
use outpost_server::relay::{Review, ReviewState, ReviewStep, Said, Word};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    outpost review list --data DIR\n  \
    outpost review show 3f0a9c1d22b4 --data DIR\n  \
    outpost review accept 3f0a9c1d22b4 --data DIR\n\n\
    What is accepted goes through the same gate as a push, step by step, and enters the log under the phone that\n\
    captured it. What the gate refuses stays in the review, with its reason. Either word is final.")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Everything that was handed in, the newest first
    List {
        #[command(flatten)]
        data: Data,
    },
    /// One of them, step by step, with what would be said to each
    Show {
        /// As `list` shows it, or its beginning
        id: String,
        #[command(flatten)]
        data: Data,
    },
    /// Take into the log what can be taken
    Accept {
        id: String,
        #[command(flatten)]
        data: Data,
    },
    /// Take nothing of it
    Reject {
        id: String,
        /// Why, for whoever looks later
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        data: Data,
    },
}

pub fn run(args: Args) -> Result<(), Trouble> {
    match args.action {
        Action::List { data } => {
            let office = Office::open(&data)?;
            let zone = office.relay.policy()?.zone.clone();
            let reviews = office.relay.reviews(&office.headquarters()?)?;
            let rows = reviews.iter().map(|review| {
                let steps = review.steps.len().to_string();
                let cells = [short(review), review.device.to_string(), review.user.to_string(), steps];
                let came = [review.source.name().to_owned(), zone.rfc3339(review.received)];
                cells.into_iter().chain(came).chain([review.state.name().to_owned()]).collect()
            });
            print!(
                "{}",
                columns(&["review", "phone", "person", "steps", "came by", "received", "state"], rows.collect())
            );
            Ok(())
        }
        Action::Show { id, data } => {
            let office = Office::open(&data)?;
            let zone = office.relay.policy()?.zone.clone();
            print!("{}", shown(&find(&office, &id)?, &zone));
            Ok(())
        }
        Action::Accept { id, data } => decide(&data, &id, Word::Accept),
        Action::Reject { id, reason, data } => decide(&data, &id, Word::Reject { reason }),
    }
}

fn decide(data: &Data, id: &str, word: Word) -> Result<(), Trouble> {
    let office = Office::open(data)?;
    let zone = office.relay.policy()?.zone.clone();
    let review = find(&office, id)?;
    let decided = office.relay.decide_review(&office.headquarters()?, review.id, word)?;
    print!("{}", shown(&decided, &zone));
    Ok(())
}

/// The one whose name begins so.
fn find(office: &Office, id: &str) -> Result<Review, Trouble> {
    let mut found: Vec<Review> = office.relay.reviews(&office.headquarters()?)?;
    found.retain(|review| !id.is_empty() && review.id.to_string().starts_with(&id.to_lowercase()));
    match (found.pop(), found.is_empty()) {
        (Some(review), true) => Ok(review),
        (Some(_), false) => Err(Trouble::Unsound(format!("{id} begins the names of several. Write more of it."))),
        (None, _) => {
            Err(Trouble::Unsound(format!("there is no review {id}. `outpost review list` shows which there are.")))
        }
    }
}

fn short(review: &Review) -> String {
    review.id.to_string()[..12].to_owned()
}

fn shown(review: &Review, zone: &Zone) -> String {
    let mut text = format!(
        "{} of {} ({}), handed in by {} at {}: {}\n",
        review.device,
        review.user,
        short(review),
        review.source.name(),
        zone.rfc3339(review.received),
        match &review.state {
            ReviewState::Open => "open".to_owned(),
            ReviewState::Accepted { by, at } => format!("accepted by {by} at {}", zone.rfc3339(*at)),
            ReviewState::Rejected { by, at, reason } => format!("rejected by {by} at {}: {reason}", zone.rfc3339(*at)),
        }
    );
    for step in &review.steps {
        text += &format!("{:>5}  {:22}  {}\n", step.no, verdict(step), says(step));
    }
    text
}

fn verdict(step: &ReviewStep) -> String {
    match &step.verdict {
        None => "-".into(),
        Some(Verdict::Admitted(_)) => "admitted".into(),
        Some(Verdict::AlreadyHad(_)) => "already had".into(),
        Some(Verdict::AlreadySo(_)) => "already so".into(),
        Some(Verdict::Refused(refused)) => format!("refused {}", refused.code.0),
        Some(Verdict::Deferred(code, _)) => format!("deferred {}", code.0),
        Some(Verdict::Needs(hashes)) => format!("needs {} others", hashes.len()),
    }
}

fn says(step: &ReviewStep) -> String {
    let of = step.header.as_ref().map(|header| header.kind().name()).unwrap_or_default();
    let said = match &step.says {
        Said::Entries(entries) => {
            let texts = entries.iter().map(|(_, entry)| to_canonical(&entry.body).unwrap_or_default());
            texts.collect::<Vec<_>>().join(" ")
        }
        Said::Asks(ask) => to_canonical(&**ask).unwrap_or_default(),
        Said::Unreadable => "its bytes can't be read; they are kept".into(),
    };
    format!("{of} {said}").trim_start().chars().take(400).collect()
}
