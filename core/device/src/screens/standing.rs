//! Whose phone this is, and what belongs to the person: numbers, version, what is unsent.

use super::Screens;
use super::forms::RecordLine;
use super::names::Names;
use crate::error::DeviceError;
use crate::store::blobs::BlobState;
use crate::store::life::LastWord;
use outpost_model::command::Series;
use outpost_model::id::{DeviceId, TenantId, UserId};
use outpost_model::policy::Cash;
use outpost_model::time::Millis;
use serde::Serialize;

/// Whether this phone is somebody's.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Standing {
    Ready {
        owner: Owner,
    },
    Unenrolled,
    /// Whether what couldn't be sent any more was handed in, and waits for headquarters' review.
    Revoked {
        handed_in: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Owner {
    pub user: UserId,
    pub name: String,
    pub station: String,
    pub tenant: TenantId,
    pub device: DeviceId,
    /// IANA name of the station's zone.
    pub zone: String,
    pub cash: Cash,
    pub self_open: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Me {
    pub owner: Owner,
    pub device_since: Option<Millis>,
    /// Name and version of the app.
    pub app: String,
    pub receipts: NumbersLeft,
    pub orders: NumbersLeft,
    /// Plans, logs and forms of this person's, and what became of each.
    pub records: Vec<RecordLine>,
    pub may_write: bool,
    pub unsent: u32,
}

/// What is left of the leased numbers of a series.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct NumbersLeft {
    pub next: Option<String>,
    pub left: u32,
}

impl Screens<'_> {
    pub fn standing(&self) -> Result<Standing, DeviceError> {
        let life = self.device.life()?;
        if life.invitation.is_none() {
            return Ok(Standing::Unenrolled);
        }
        if life.revoked {
            return Ok(Standing::Revoked { handed_in: life.last_word == LastWord::Taken });
        }
        Ok(Standing::Ready { owner: self.owner(&self.names()?)? })
    }

    fn owner(&self, names: &Names) -> Result<Owner, DeviceError> {
        let identity = self.device.identity()?;
        let me = names.records.people.iter().find(|person| person.user == names.me);
        let policy = names.records.policy.at(self.now());
        Ok(Owner {
            user: names.me.clone(),
            name: names.person(&names.me),
            station: me.and_then(|me| me.station.as_ref()).map(|at| names.station(at)).unwrap_or_default(),
            tenant: identity.tenant,
            device: identity.owner.device,
            zone: policy.zone.name().to_owned(),
            cash: policy.cash,
            self_open: policy.self_open,
        })
    }

    pub fn me(&self) -> Result<Me, DeviceError> {
        let state = self.device.sync_state()?;
        let files =
            state.files.iter().filter(|file| matches!(file.state, BlobState::Kept | BlobState::Deferred)).count();
        Ok(Me {
            owner: self.owner(&self.names()?)?,
            device_since: None,
            app: self.device.host.app.clone(),
            receipts: self.numbers(Series::Receipt)?,
            orders: self.numbers(Series::Order)?,
            records: self.own_records()?,
            may_write: !self.device.forms()?.is_empty(),
            unsent: state.kept + state.sending + state.deferred + state.refused + files as u32,
        })
    }

    fn numbers(&self, series: Series) -> Result<NumbersLeft, DeviceError> {
        Ok(NumbersLeft { next: self.device.next_number(series)?, left: self.device.numbers_left(series)? })
    }
}
