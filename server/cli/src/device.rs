//! `outpost device`: which phones there are, inviting one, locking one out.

use crate::office::{Data, Office, columns};
use crate::trouble::Trouble;
use clap::{Subcommand, ValueEnum};
use outpost_model::command::{Ask, RevokeReason};
use outpost_model::id::{DeviceId, UserId};
use outpost_model::invitation::{Invitation, parse_server};
use outpost_model::time::{Millis, Zone};
use outpost_server::relay::{Device, DeviceKind};
use outpost_server::staff::{self, Invited};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use std::io::IsTerminal;

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    outpost device code --user u-17 --server https://outpost.example.com --data DIR\n  \
    outpost device revoke d-u-17 --reason lost --data DIR")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Show every phone, its last contact and what it still holds unsent
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Invite a phone: a QR code and a text, good once, for seven days
    Code {
        /// Whose phone it is
        #[arg(long, value_parser = UserId::parse)]
        user: UserId,
        /// A name for the phone; made up where it is left out
        #[arg(long, value_parser = DeviceId::parse)]
        device: Option<DeviceId>,
        /// Address at which phones reach the relay
        #[arg(long, value_name = "URL", env = "OUTPOST_SERVER", default_value = "http://127.0.0.1:7700")]
        server: String,
        #[command(flatten)]
        data: Data,
    },
    /// Lock a phone out, from its next request on
    Revoke {
        #[arg(value_name = "DEVICE", value_parser = DeviceId::parse)]
        device: DeviceId,
        /// lost, stolen: nothing it sends counts any more; replaced, left: access ends
        #[arg(long)]
        reason: Reason,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Reason {
    Lost,
    Stolen,
    Replaced,
    Left,
}

impl From<Reason> for RevokeReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Lost => Self::Lost,
            Reason::Stolen => Self::Stolen,
            Reason::Replaced => Self::Replaced,
            Reason::Left => Self::Left,
        }
    }
}

pub fn run(args: Args) -> Result<(), Trouble> {
    match args.action {
        Action::List { data } => list(&Office::open(&data)?),
        Action::Code { user, device, server, data } => {
            let server = parse_server(&server)?;
            invite(&Office::open(&data)?, user, device, server)
        }
        Action::Revoke { device, reason, data } => {
            let office = Office::open(&data)?;
            office.relay.device(&device)?.ok_or_else(|| Trouble::NoDevice(device.clone()))?;
            office.decide(Ask::Revoke { device: device.clone(), reason: reason.into() })?;
            println!("{device} is locked out.");
            Ok(())
        }
    }
}

fn list(office: &Office) -> Result<(), Trouble> {
    let zone = office.relay.policy()?.zone.clone();
    let phones = office.relay.devices()?.into_iter().filter(|device| device.kind == DeviceKind::Phone);
    let rows = phones.map(|device| {
        let contact = device.contact.map(|(_, at)| zone.rfc3339(at)).unwrap_or_default();
        let unsent = device.unsent.to_string();
        let state = state(&device, &zone);
        vec![device.device.to_string(), device.user.to_string(), state, contact, unsent, device.app]
    });
    print!("{}", columns(&["device", "user", "state", "last contact", "unsent", "app"], rows.collect()));
    Ok(())
}

fn state(device: &Device, zone: &Zone) -> String {
    match (&device.revoked, &device.public_key) {
        (Some((reason, at)), _) => {
            let reason = match reason {
                RevokeReason::Lost => "lost",
                RevokeReason::Stolen => "stolen",
                RevokeReason::Replaced => "replaced",
                RevokeReason::Left => "left",
            };
            format!("{reason} since {}", zone.day(*at))
        }
        (None, None) => "invited".into(),
        (None, Some(_)) => "enrolled".into(),
    }
}

fn invite(office: &Office, user: UserId, device: Option<DeviceId>, server: String) -> Result<(), Trouble> {
    office.active_person(&user)?;
    let device = device.unwrap_or_else(|| staff::name_phone(&user, rand::random()));
    let by = (&office.headquarters()?, office.fresh_id());
    let Invited { device, code, expires } = staff::invite(&office.relay, by, &user, device, rand::random())?;
    let zone = office.relay.policy()?.zone.clone();
    show(&Invitation { server, tenant: office.tenant.clone(), user, device, code }, expires, &zone)
}

fn show(invitation: &Invitation, expires: Millis, zone: &Zone) -> Result<(), Trouble> {
    let text = invitation.to_string();
    let until = zone.rfc3339(expires);
    println!("请用手机扫码登记 · Scan with the phone to enrol");
    println!("{} → {}，有效至 · good once, until {until}", invitation.user, invitation.device);
    if std::io::stdout().is_terminal() {
        let code = QrCode::new(text.as_bytes()).map_err(|error| Trouble::Unsound(error.to_string()))?;
        println!("\n{}", code.render::<Dense1x2>().build());
    }
    println!("\n{text}");
    if invitation.server.starts_with("http://") {
        println!(
            "\n{} is reached from this machine only. For real phones give --server https://HOST.",
            invitation.server
        );
    }
    Ok(())
}
