//! The shared month with neighbouring syncs exchanged: phones of different stations whose syncs stand side by side, with
//! nothing between them that could read, come first in either order. The merged records are the same.

use outpost_cli::month::{Action, By, Line, Month};
use outpost_cli::replay::{Manner, play};
use outpost_model::id::{DeviceId, StationId};
use outpost_server::export::{self, Format};
use outpost_server::verify::verify;
use std::collections::BTreeMap;
use std::path::Path;

/// Which station each phone's owner belongs to.
fn stations(month: &Month) -> BTreeMap<DeviceId, Option<StationId>> {
    let station = |id| month.org.users.iter().find(|user| user.id == id).and_then(|user| user.station.clone());
    let given = month.org.devices.iter().map(|device| (device.id.clone(), device.user.clone()));
    let later = month.lines.iter().filter_map(|line| match &line.action {
        Action::Enrol { device, user } => Some((device.clone(), user.clone())),
        _ => None,
    });
    given.chain(later).map(|(device, user)| (device, station(user))).collect()
}

fn syncing(line: &Line) -> Option<&DeviceId> {
    match (&line.by, &line.action) {
        (By::Device(device), Action::Sync {}) => Some(device),
        _ => None,
    }
}

/// Two lines in the other order: each phone keeps its own error of the clock, and meets the relay at the other's moment.
fn exchange(lines: &mut [Line], first: usize) {
    lines.swap(first, first + 1);
    let (earlier, later) = (lines[first + 1].at, lines[first].at);
    for (place, at) in [(first, earlier), (first + 1, later)] {
        let line = &mut lines[place];
        line.clock = line.clock.map(|clock| clock.plus(at.since(line.at)));
        line.at = at;
    }
}

#[test]
fn neighbouring_syncs_of_two_stations_exchanged_come_out_the_same() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/month"));
    let mut month = Month::load(folder).unwrap();
    let stations = stations(&month);
    let (mut place, mut exchanged) = (0, 0);
    while place + 1 < month.lines.len() {
        let pair = [&month.lines[place], &month.lines[place + 1]].map(syncing);
        match pair {
            [Some(one), Some(other)] if stations[one] != stations[other] => {
                exchange(&mut month.lines, place);
                exchanged += 1;
                place += 2;
            }
            _ => place += 1,
        }
    }
    assert!(exchanged > 5, "{exchanged}");
    let data = tempfile::tempdir().unwrap();
    let player = play(month, data.path(), Manner::default(), &mut |_| ()).unwrap_or_else(|failure| panic!("{failure}"));
    for table in outpost_tests::sums::WITNESSED {
        let mut written = Vec::new();
        export::write(&player.stage().relay, table, None, Format::Csv, &mut written).unwrap();
        let expected = std::fs::read_to_string(folder.join("expected").join(format!("{}.csv", table.name()))).unwrap();
        let written = String::from_utf8(written).unwrap();
        let unlike = expected.lines().zip(written.lines()).find(|(expected, written)| expected != written);
        assert!(expected == written, "{} with {exchanged} exchanged: {unlike:#?}", table.name());
    }
    let report = verify(player.stage().relay.store()).unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences().collect::<Vec<_>>());
}
