//! The stage: a real relay on loopback with virtual time, and the company of `org.json` in it.

use crate::failure::Failure;
use crate::month::{Org, e7};
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CommandId, DeviceId, TenantId, UserId};
use outpost_model::invitation::Invitation;
use outpost_model::record::{Person, Role, Station};
use outpost_model::time::Millis;
use outpost_server::auth::{enrolment, password, secret};
use outpost_server::clock::{Clock, VirtualClock};
use outpost_server::config::{DataFolder, Limits};
use outpost_server::http::{Gateway, Settings, serve};
use outpost_server::relay::{After, ConsoleAct, ConsoleWrite, Heads, Relay};
use outpost_server::store::Store;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long before the first line the company is set up.
const BEFORE: i64 = Millis::hours(1);
/// A code issued here is redeemed whenever its phone first syncs.
const CODE_LASTS: i64 = Millis::hours(24 * 3_650);

pub struct Stage {
    pub clock: Arc<VirtualClock>,
    pub relay: Arc<Relay>,
    pub tenant: TenantId,
    pub address: String,
    runtime: Runtime,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<()>>,
}

impl Stage {
    /// Opens a relay over `dir`, an empty folder, and lets the company in.
    pub fn raise(dir: &Path, tenant: TenantId, org: &Org, first_line: Millis) -> Result<Self, Failure> {
        let policy = org.policy().map_err(Failure::Policy)?;
        let stage = Self::over(dir, tenant.clone(), first_line.plus(-BEFORE), |relay| {
            Ok(relay.bootstrap(&tenant, policy, records(org))?)
        })?;
        stage.write_register(org)?;
        Ok(stage)
    }

    /// Opens the relay over the folder of an earlier stage, as after a restart.
    pub fn reopen(dir: &Path, tenant: TenantId, now: Millis) -> Result<Self, Failure> {
        Self::over(dir, tenant, now, |_| Ok(()))
    }

    fn over(
        dir: &Path,
        tenant: TenantId,
        now: Millis,
        begin: impl FnOnce(&Relay) -> Result<(), Failure>,
    ) -> Result<Self, Failure> {
        let clock = Arc::new(VirtualClock::at(now));
        let folder = DataFolder::prepare(dir)?;
        let row_key = folder.row_key(rand::random())?;
        let relay = Relay::open(Store::open(dir)?, clock.clone(), row_key)?;
        begin(&relay)?;

        let runtime = Runtime::new().map_err(Failure::Runtime)?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(Failure::Runtime)?;
        let address = format!("http://{}", listener.local_addr().map_err(Failure::Runtime)?);
        // One process plays a whole company from one address in virtual time: what protects a service from crowds
        // would only slow it.
        let limits = Limits { attempts_of_address: u32::MAX, attempts_of_person: u32::MAX, ..Limits::default() };
        let gateway = Gateway::open(relay.clone(), Settings { limits, ..Settings::new(folder) })?;
        let (stop, stopped) = oneshot::channel();
        let served = runtime.spawn(async move {
            let shutdown = async {
                let _ = stopped.await;
            };
            if let Err(fault) = serve(listener, gateway, shutdown).await {
                tracing::error!(%fault, "the relay stopped");
            }
        });
        Ok(Self { clock, relay, tenant, address, runtime, stop: Some(stop), served: Some(served) })
    }

    /// Customers' and units' register pages, written by headquarters.
    fn write_register(&self, org: &Org) -> Result<(), Failure> {
        let Some(hq) = org.users.iter().find(|user| user.role == Role::Hq) else { return Ok(()) };
        for customer in &org.customers {
            let fields = [
                ("name", customer.name.clone()),
                ("address", customer.address.clone()),
                ("lat_e7", e7(customer.lat).to_string()),
                ("lng_e7", e7(customer.lng).to_string()),
                ("contact", customer.contact.clone()),
                ("phone", customer.phone.clone()),
            ];
            self.write_fields(&hq.id, Subject::Customer { customer: customer.id.clone() }, &fields)?;
        }
        for asset in &org.assets {
            let fields = [
                ("customer", asset.customer.to_string()),
                ("model", asset.model.clone()),
                ("serial", asset.serial.clone()),
                ("bought", asset.bought.clone()),
                ("warranty_until", asset.warranty_until.clone()),
                ("sold_by", asset.sold_by.clone()),
            ];
            self.write_fields(&hq.id, Subject::Asset { asset: asset.id.clone() }, &fields)?;
        }
        Ok(())
    }

    fn write_fields(&self, hq: &UserId, subject: Subject, fields: &[(&str, String)]) -> Result<(), Failure> {
        let header = Header::new(self.tenant.clone(), subject);
        let set =
            |(field, value): &(&str, String)| (None, Body::Set { field: (*field).to_owned(), value: value.clone() });
        let act = ConsoleAct {
            id: CommandId::derived(&[self.tenant.as_str(), "register", &header.page().to_string()]),
            ask: None,
            after: After::Now,
            heads: Heads::Now,
            write: Some(ConsoleWrite { header, entries: fields.iter().map(set).collect(), seen: Heads::Now }),
        };
        self.relay.act(hq, act)?;
        Ok(())
    }

    /// Gives a person a password for the console, and returns it.
    pub fn password(&self, user: &UserId) -> Result<String, Failure> {
        let chosen = secret::opaque(&rand::random::<[u8; 12]>());
        let stored = password::hash(&chosen, rand::random()).map_err(|bad| Failure::Password(bad.to_string()))?;
        let (tenant, user, now) = (self.tenant.clone(), user.clone(), self.clock.now());
        self.relay.store().write(move |tx| password::keep(tx, &tenant, &user, &stored, now))?;
        Ok(chosen)
    }

    /// An invitation for a device that headquarters enrolled.
    pub fn invitation(&self, device: &DeviceId, user: &UserId) -> Result<Invitation, Failure> {
        let code = secret::enrolment_code(rand::random());
        let (tenant, expires) = (self.tenant.clone(), self.clock.now().plus(CODE_LASTS));
        let (of, person, kept) = (device.clone(), user.clone(), code.clone());
        self.relay.store().write(move |tx| enrolment::issue(tx, &tenant, &of, &person, &kept, expires))?;
        Ok(Invitation {
            server: self.address.clone(),
            tenant: self.tenant.clone(),
            user: user.clone(),
            device: device.clone(),
            code,
        })
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(served) = self.served.take() {
            let _ = self.runtime.block_on(served);
        }
    }
}

/// Stations, people, the customers' places and the devices that the folder lists.
fn records(org: &Org) -> Vec<Ask> {
    let stations = org.stations.iter().map(|station| Ask::PutStation {
        station: Station {
            station: station.id.clone(),
            name: station.name.clone(),
            lat_e7: e7(station.lat),
            lng_e7: e7(station.lng),
        },
    });
    let people = org.users.iter().map(|user| Ask::PutPerson {
        person: Person {
            user: user.id.clone(),
            name: user.name.clone(),
            role: user.role,
            station: user.station.clone(),
            active: true,
        },
    });
    let customers = org.customers.iter().map(|customer| Ask::PlaceCustomer {
        customer: customer.id.clone(),
        station: customer.station.clone(),
        distance_km: customer.distance_km,
    });
    let devices = org.devices.iter().map(|device| Ask::Enrol { device: device.id.clone(), user: device.user.clone() });
    stations.chain(people).chain(customers).chain(devices).collect()
}
