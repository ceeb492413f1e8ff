//! Phones that are lost, stolen, restored from a backup, or one of two.

use super::super::{
    acts::*,
    scene::{Scene, Who::*},
};
use super::{Story, story};
use crate::action::VisitResult::*;
use crate::{Action, Expect};

pub const STORIES: [Story; 7] = [
    story("lost_with_unsent_work", lost_with_unsent_work),
    story("stolen", stolen),
    story("restored_after_sync", restored_after_sync),
    story("restored_and_work_gone", restored_and_work_gone),
    story("restored_and_sent_again", restored_and_sent_again),
    story("restored_and_signed", restored_and_signed),
    story("two_devices_of_one_engineer", two_devices_of_one_engineer),
];

/// Locks A's phone out at minute 72, gives him another one at 75, which syncs at 80.
fn replace_phone(s: &mut Scene, reason: &str) -> String {
    let user = s.id(A);
    let old = s.stage.diary.phone_of(&user, s.at(72));
    let new = format!("d-{}-new{}", &user[2..], s.stage.next("phone"));
    s.console(72, Hq, revoke(&old, reason));
    s.console(75, Hq, enrol(&new, &user));
    s.stage.diary.carry(&user, s.at(75), &new);
    s.stage.set_clock_wrong(&new, s.at(75));
    s.sync(80, A);
    old
}

/// The visit that was still on the phone never was; the one on the new phone is.
fn lost_with_unsent_work(s: &mut Scene) {
    let order = s.dispatched(A);
    s.phone(8, A, reached(&order));
    s.sync(9, A);
    let gone = s.visit(10, A, &order, 1, Fixed);
    s.phone(65, A, use_part(&order, &gone, 0, 1, true));
    s.phone(66, A, cause(&order, "接线松动"));
    let old = replace_phone(s, "lost");
    if s.chance(0.5) {
        s.visit(90, A, &order, 2, Fixed);
    }
    s.device(200, &old, Action::Sync).expect = Some(Expect::Refused);
}

/// Everything had been sent. What the thief writes reaches nobody.
fn stolen(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = s.visit(6, A, &order, 1, Fixed);
    s.phone(67, A, sign(&order, &visit, 5));
    s.sync(68, A);
    let old = replace_phone(s, "stolen");
    s.device(100, &old, cause(&order, "误操作"));
    s.device(101, &old, use_part(&order, &visit, 0, 9, true));
    s.device(110, &old, Action::Sync).expect = Some(Expect::Refused);
    s.device(111, &old, Action::Sync).expect = Some(Expect::Refused);
    s.phone(120, A, set(&order, "remark", "换机后补记"));
}

fn restored_after_sync(s: &mut Scene) {
    let order = s.dispatched(A);
    s.phone(6, A, Action::Backup);
    s.phone(9, A, reached(&order));
    s.sync(10, A);
    s.phone(15, A, Action::Restore);
    let visit = s.visit(20, A, &order, 1, Fixed);
    s.sync(85, A);
    s.phone(86, A, sign(&order, &visit, 4));
}

/// Logged after the copy was taken and never sent: gone with the phone's storage.
fn restored_and_work_gone(s: &mut Scene) {
    let order = s.dispatched(A);
    s.phone(6, A, reached(&order));
    s.phone(7, A, Action::Backup);
    let gone = s.visit(8, A, &order, 1, FollowUp);
    s.phone(69, A, sign(&order, &gone, 1));
    s.phone(75, A, Action::Restore);
    s.visit(80, A, &order, 2, Fixed);
}

/// The copy still holds as unsent what the server has had since.
fn restored_and_sent_again(s: &mut Scene) {
    let order = s.dispatched(A);
    s.phone(6, A, reached(&order));
    s.phone(7, A, cause(&order, "待查"));
    s.phone(8, A, Action::Backup);
    s.phone(9, A, depart(&order, &visit(&order, 1)));
    s.sync(10, A);
    s.phone(15, A, Action::Restore);
    s.sync(20, A);
    s.phone(40, A, arrive(&order, &visit(&order, 1)));
    s.phone(45, A, use_part(&order, &visit(&order, 1), 3, 2, false));
    s.phone(80, A, fixed(&order, &visit(&order, 1)));
}

/// The arrival was sent, but the restored phone doesn't hold it when the customer signs.
fn restored_and_signed(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    s.phone(6, A, Action::Backup);
    s.phone(10, A, depart(&order, &visit));
    s.phone(30, A, arrive(&order, &visit));
    s.sync(35, A);
    s.phone(40, A, Action::Restore);
    s.phone(70, A, fixed(&order, &visit));
    s.phone(72, A, sign(&order, &visit, 4));
    s.sync(80, A);
    if s.chance(0.3) {
        s.phone(90, A, sign(&order, &visit, 5));
    }
}

/// A telephone and a tablet that don't hear of each other: he disagrees with himself, and amends his own visit.
fn two_devices_of_one_engineer(s: &mut Scene) {
    let user = s.id(A);
    let tablet = format!("d-{}-tab{}", &user[2..], s.stage.next("tablet"));
    s.console(1, Hq, enrol(&tablet, &user));
    s.stage.set_clock_wrong(&tablet, s.at(1));
    s.stage.tablets.push(tablet.clone());
    let order = s.dispatched(A);
    s.device(6, &tablet, Action::Sync);
    let visit = s.visit(10, A, &order, 1, Fixed);
    s.phone(35, A, cause(&order, "接线松动"));
    s.device(36, &tablet, cause(&order, "电源模块老化"));
    s.device(50, &tablet, use_part(&order, &visit, 2, 1, false));
    s.phone(75, A, sign(&order, &visit, 4));
    s.device(80, &tablet, Action::Sync);
    s.sync(85, A);
    if s.chance(0.3) {
        s.device(90, &tablet, Action::Sync);
        s.device(95, &tablet, cause(&order, "接线松动"));
        s.device(96, &tablet, sign(&order, &visit, 3));
        s.device(99, &tablet, Action::Sync);
    }
}
