//! Why an operator's command wasn't done: each says what can be done about it.

use outpost_model::id::{DeviceId, StationId, UserId};
use outpost_model::invitation::BadServer;
use outpost_server::auth::AuthFault;
use outpost_server::auth::password::BadPassword;
use outpost_server::auth::signing_key::KeyFault;
use outpost_server::config::{ExposureFault, FolderFault};
use outpost_server::http::{GatewayFault, ServeFault};
use outpost_server::life::LifeFault;
use outpost_server::life::rescue::RescueFault;
use outpost_server::relay::Denied;
use outpost_server::staff::InviteFault;
use outpost_server::store::StoreError;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error(transparent)]
    Folder(#[from] FolderFault),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Gateway(#[from] GatewayFault),
    #[error(transparent)]
    Key(#[from] KeyFault),
    #[error(transparent)]
    Exposure(#[from] ExposureFault),
    #[error(transparent)]
    Serve(#[from] ServeFault),
    #[error(transparent)]
    Auth(#[from] AuthFault),
    #[error(transparent)]
    Password(#[from] BadPassword),
    #[error("{0} [{code}]", code = .0.code().name())]
    Life(#[from] LifeFault),
    #[error("{0} [{code}]", code = .0.code().name())]
    Rescue(#[from] RescueFault),
    #[error("{} {}", .0.code.en(), .0.detail)]
    Denied(Denied),
    #[error("no company is set up in {0} yet. `outpost serve --data {0}` does that.")]
    NoCompany(PathBuf),
    #[error("nobody active at headquarters is on record, so nothing can be decided.")]
    NoHeadquarters,
    #[error("there is nobody with the staff number {0}. `outpost user list` shows who there is.")]
    NoPerson(UserId),
    #[error("{0} is on record already. `outpost user password {0}` gives a new password.")]
    PersonExists(UserId),
    #[error("{0} is no longer active, so he gets no phone and no password.")]
    Inactive(UserId),
    #[error("{0} is the last one at headquarters: nobody could let others in any more.")]
    LastAtHeadquarters(UserId),
    #[error("engineers and leads belong to a station: give --station CODE (`outpost station add` makes one).")]
    StationNeeded,
    #[error("clerks, cashiers, auditors and headquarters belong to no station: leave --station out.")]
    StationUnneeded,
    #[error("there is no station {0}. Add it first: outpost station add {0} --name NAME --data DIR")]
    NoStation(StationId),
    #[error("there is no phone {0}. `outpost device list` shows which there are.")]
    NoDevice(DeviceId),
    #[error(
        "{0} is enrolled and has its key. If the phone is gone or was reset, first\n  \
         outpost device revoke {0} --reason lost|stolen|replaced --data DIR\nand then ask for a code again."
    )]
    DeviceHasKey(DeviceId),
    #[error("{0} belongs to {1}. Name another device, or leave --device out.")]
    DeviceOfAnother(DeviceId, UserId),
    #[error("{0} is taken, perhaps by another relay. Choose another with --listen ADDRESS:PORT. ({1})")]
    Taken(SocketAddr, std::io::Error),
    #[error("another relay serves {0} already. One at a time: stop it, or use it.")]
    Serving(PathBuf),
    #[error("{0}.")]
    BadServer(#[from] BadServer),
    #[error("{0}")]
    Export(String),
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    #[error("the terminal: {0}")]
    Terminal(std::io::Error),
    #[error("the machine: {0}")]
    Machine(std::io::Error),
    #[error("{0}")]
    Unsound(String),
}

impl From<Denied> for Trouble {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<InviteFault> for Trouble {
    fn from(fault: InviteFault) -> Self {
        match fault {
            InviteFault::Inactive(user) => Self::Inactive(user),
            InviteFault::HasKey(device) => Self::DeviceHasKey(device),
            InviteFault::OfAnother(device, user) => Self::DeviceOfAnother(device, user),
            InviteFault::Denied(denied) => Self::Denied(denied),
        }
    }
}
