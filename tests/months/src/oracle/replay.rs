//! Plays the log from its first line to its last: devices capture, sync, are copied, restored and lost; the server
//! takes what reaches it.

use super::deed::{self, Capture, Deed};
use super::device::Device;
use super::server::Server;
use crate::{Action, Author, Line, Org};
use std::collections::{BTreeMap, BTreeSet, HashSet};

pub struct Records<'a> {
    /// What counts, in the order of the server's log.
    pub deeds: Vec<Deed<'a>>,
    pub without_effect: Vec<usize>,
}

pub fn replay<'a>(org: &'a Org, log: &'a [Line]) -> Records<'a> {
    let mut server = Server::new(org);
    let mut revoked: BTreeSet<&str> = BTreeSet::new();
    let mut devices: BTreeMap<&str, Device> =
        org.devices.iter().map(|device| (device.id.as_str(), Device::new(&device.user))).collect();
    for (number, line) in log.iter().enumerate() {
        match &line.by {
            Author::Console(user) => {
                if !at_console(&mut server, user, number, line) {
                    continue;
                }
                match &line.action {
                    Action::Enrol { device, user } => drop(devices.insert(device, Device::new(user))),
                    Action::Revoke { device, .. } => drop(revoked.insert(device)),
                    _ => {}
                }
            }
            Author::Device(id) => {
                let device = devices.get_mut(id.as_str()).expect("a device acts after it was enrolled");
                let locked_out = revoked.contains(id.as_str());
                on_device(&mut server, device, locked_out, number, line);
            }
        }
    }
    Records { deeds: server.deeds, without_effect: server.without_effect }
}

fn at_console<'a>(server: &mut Server<'a>, user: &str, number: usize, line: &'a Line) -> bool {
    let user = server.org.user(user).expect("the console's users are in org.json");
    let held = if deed::depends_on_knowledge(&line.action) { server.everything() } else { HashSet::new() };
    let now = line.at.instant;
    let capture = Capture { line: number, user, action: &line.action, claimed: now, heard: None, held };
    server.receive(capture, now)
}

fn on_device<'a>(server: &mut Server<'a>, device: &mut Device<'a>, locked_out: bool, number: usize, line: &'a Line) {
    let clock = line.clock.unwrap_or(line.at).instant;
    let user = server.org.user(device.user).expect("a device belongs to a user of org.json");
    match &line.action {
        Action::Sync if locked_out => {}
        Action::Sync => {
            for capture in device.unsent.drain(..) {
                server.receive(capture, line.at.instant);
            }
            device.held.extend(server.visible_to(user));
            device.hears(line.at.instant, clock);
        }
        Action::Backup => device.back_up(),
        Action::Restore => device.restore(),
        action => {
            let held = if deed::depends_on_knowledge(action) { device.held.clone() } else { HashSet::new() };
            let claimed = device.corrected(clock);
            device.capture(Capture { line: number, user, action, claimed, heard: device.heard, held });
        }
    }
}
