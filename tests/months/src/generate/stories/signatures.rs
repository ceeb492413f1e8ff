//! Signatures: which score counts, and what the customer signed and what he didn't.

use super::super::{
    acts::*,
    scene::{Scene, Who::*},
};
use super::{Story, story};
use crate::action::VisitResult::*;

pub const STORIES: [Story; 12] = [
    story("signed_several_times", signed_several_times),
    story("amended_by_himself", amended_by_himself),
    story("amended_unseen", amended_unseen),
    story("pulled_before_signing", pulled_before_signing),
    story("arrival_after_signature", arrival_after_signature),
    story("goods_and_money_after_signature", goods_and_money_after_signature),
    story("signed_again", signed_again),
    story("signed_again_without_seeing", signed_again_without_seeing),
    story("order_itself_is_not_covered", order_itself_is_not_covered),
    story("closed_without_visit", closed_without_visit),
    story("closed_unsigned", closed_unsigned),
    story("signature_after_closing", signature_after_closing),
];

fn signed_several_times(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = s.visit(10, A, &order, 1, Fixed);
    for (minute, score) in [(72, 5), (76, 1), (80, 3)] {
        s.phone(minute, A, sign(&order, &visit, score));
    }
}

fn amended_by_himself(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = s.visit(10, A, &order, 1, Fixed);
    s.phone(72, A, sign(&order, &visit, 4));
    s.phone(90, A, use_part(&order, &visit, 6, 1, true));
}

/// The helper's part was fitted before the customer signed, but the signing phone didn't hold it.
fn amended_unseen(s: &mut Scene) {
    let order = s.dispatched_with(A, &[B]);
    let visit = s.visit(10, A, &order, 1, Fixed);
    s.phone(60, B, use_part(&order, &visit, 2, 1, false));
    s.phone(72, A, sign(&order, &visit, 4));
    s.sync(80, B);
    s.sync(85, A);
}

/// The same, but the helper's phone had a network first, and the signing one after it.
fn pulled_before_signing(s: &mut Scene) {
    let order = s.dispatched_with(A, &[B]);
    let visit = s.visit(10, A, &order, 1, Fixed);
    s.phone(60, B, use_part(&order, &visit, 2, 1, false));
    s.sync(72, B);
    s.sync(73, A);
    s.phone(75, A, sign(&order, &visit, 4));
}

/// Signed on the doorstep: arriving and leaving come after. Another visit's arrival amends nothing.
fn arrival_after_signature(s: &mut Scene) {
    let order = s.dispatched(A);
    let first = visit(&order, 1);
    s.phone(10, A, depart(&order, &first));
    s.phone(30, A, sign(&order, &first, 3));
    s.phone(31, A, arrive(&order, &first));
    s.phone(70, A, fixed(&order, &first));
    let clean = s.dispatched(B);
    let signed = s.visit(10, B, &clean, 1, FollowUp);
    s.phone(75, B, sign(&clean, &signed, 5));
    s.visit(90, B, &clean, 2, Fixed);
}

fn goods_and_money_after_signature(s: &mut Scene) {
    for (who, money) in [(A, true), (B, false)] {
        let order = s.dispatched(who);
        let visit = s.visit(10, who, &order, 1, if money { Fixed } else { TakenBack });
        s.phone(75, who, sign(&order, &visit, 4));
        let after = match money {
            true => charge(&order, &visit, 35_000, Some(format!("R-{order}-V1"))),
            false => take_back(&order, &visit, &format!("K-{order}")),
        };
        s.phone(80, who, after);
    }
}

/// The last signature covers what the first didn't.
fn signed_again(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = s.visit(10, A, &order, 1, Fixed);
    s.phone(72, A, sign(&order, &visit, 2));
    s.phone(80, A, use_part(&order, &visit, 5, 3, true));
    s.phone(82, A, sign(&order, &visit, 4));
}

/// Signing again doesn't help when the phone still doesn't hold the helper's part; a third signature does, sometimes.
fn signed_again_without_seeing(s: &mut Scene) {
    let order = s.dispatched_with(A, &[B]);
    let visit = s.visit(10, A, &order, 1, Fixed);
    s.phone(60, B, use_part(&order, &visit, 2, 2, true));
    s.phone(72, A, sign(&order, &visit, 2));
    s.sync(75, A);
    s.sync(80, B);
    s.phone(82, A, sign(&order, &visit, 4));
    if s.chance(0.4) {
        s.sync(90, A);
        s.phone(95, A, sign(&order, &visit, 5));
    }
}

fn order_itself_is_not_covered(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = s.visit(10, A, &order, 1, Fixed);
    s.phone(75, A, sign(&order, &visit, 5));
    s.phone(80, A, cause(&order, "接线松动"));
    s.phone(85, A, reached(&order));
    s.phone(90, A, set(&order, "remark", "客户要求回访"));
    s.console(100, Clerk, set(&order, "address_note", "北门登记"));
}

fn closed_without_visit(s: &mut Scene) {
    let order = s.dispatched(A);
    s.console(30, Clerk, close(&order));
    s.console(50, Lead, close(&order));
}

fn closed_unsigned(s: &mut Scene) {
    let order = s.dispatched(A);
    s.visit(10, A, &order, 1, Fixed);
    s.sync(80, A);
    s.console(100, Clerk, close(&order));
}

/// Closed while the signature was still on the phone.
fn signature_after_closing(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = s.visit(10, A, &order, 1, Fixed);
    s.sync(75, A);
    s.phone(80, A, sign(&order, &visit, 4));
    s.console(100, Clerk, close(&order));
    s.sync(140, A);
}
