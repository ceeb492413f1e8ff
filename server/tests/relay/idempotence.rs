//! Sent again has one effect: changes, commands, whole requests, acts at the console.

use crate::company::*;
use crate::phone::{admitted, refused};
use crate::scopes::{register, remark};
use outpost_model::command::Command;
use outpost_model::entry::Body;
use outpost_model::wire::{Verdict, What};
use outpost_server::relay::{After, ConsoleAct, ConsoleWrite, Heads};

fn rows(company: &Company) -> u64 {
    company.relay.facts(|facts| Ok(facts.end.0)).unwrap()
}

#[test]
fn a_request_sent_three_times_has_one_effect() {
    let company = Company::new();
    let mut phone = company.phone("d-e1");
    phone.sync();
    phone.ask(open("WO-1", "c-1"));
    phone.log(&order("WO-1"), &[register()]);
    phone.log(&visit("WO-1", "v1"), &[Body::Depart {}]);
    let request = phone.request();
    let first = company.relay.sync(&phone.device, request.clone()).unwrap();
    let after = rows(&company);
    for _ in 0..2 {
        let again = company.relay.sync(&phone.device, request.clone()).unwrap();
        assert_eq!(rows(&company), after);
        for (first, again) in first.verdicts.iter().zip(&again.verdicts) {
            let (Verdict::AlreadyHad(envelope) | Verdict::Admitted(envelope)) = &again.verdict else {
                panic!("{again:?}")
            };
            assert_eq!(*envelope, admitted(&first.verdict), "with the envelope as the log has it");
        }
    }
    phone.sync();
    company.verify();
}

#[test]
fn a_commands_id_stands_for_one_content() {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    let mut lead = company.phone("d-lead");
    lead.sync();
    lead.ask(assign("WO-1", "u-e1"));
    let What::Command(source) = lead.steps[0].what.clone() else { panic!() };
    lead.sync_admitted();
    let mut other = Command::parse(&source).unwrap();
    other.ask = assign("WO-1", "u-e3");
    lead.step(vec![], What::Command(other.canonical().unwrap()));
    assert_eq!(refused(&lead.sync()[0].verdict).code.0, "command_reused");
    // Nor for another device: the same words of the same person are had, other words are refused.
    let mut second = company.phone("d-e1");
    second.step(vec![], What::Command(source));
    assert!(matches!(second.sync()[0].verdict, Verdict::AlreadyHad(_)));
    second.step(vec![], What::Command(other.canonical().unwrap()));
    assert_eq!(refused(&second.sync()[0].verdict).code.0, "command_reused");
    company.verify();
}

#[test]
fn a_refused_command_may_come_again_with_other_content() {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    let mut lead = company.phone("d-lead");
    lead.sync();
    let mut command = lead.command(close("WO-1"));
    let heads = std::mem::replace(&mut command.heads, vec![outpost_model::id::Hash([1; 32])]);
    lead.step(vec![], What::Command(command.canonical().unwrap()));
    let first = lead.sync();
    lead.step(vec![], What::Command(command.canonical().unwrap()));
    assert_eq!(refused(&first[0].verdict), refused(&lead.sync()[0].verdict));
    command.heads = heads;
    lead.step(vec![], What::Command(command.canonical().unwrap()));
    admitted(&lead.sync()[0].verdict);
}

#[test]
fn an_act_at_the_console_is_taken_whole_and_once() {
    let company = Company::new();
    let write = ConsoleWrite { header: order("WO-1"), entries: vec![(None, register())], seen: Heads::Now };
    let id = company.next_act();
    let act =
        ConsoleAct { id, ask: Some(open("WO-1", "c-1")), after: After::Now, heads: Heads::Now, write: Some(write) };
    let first = company.relay.act(&user("u-clerk"), act.clone()).unwrap();
    let after = rows(&company);
    company.clock.advance(5_000);
    assert_eq!(company.relay.act(&user("u-clerk"), act.clone()).unwrap(), first);
    assert_eq!(rows(&company), after);
    let other = ConsoleAct { ask: Some(open("WO-2", "c-1")), ..act };
    assert_eq!(company.relay.act(&user("u-clerk"), other).unwrap_err().code.name(), "command_reused");
    // One half denied, nothing taken.
    let write =
        ConsoleWrite { header: month("u-e1"), entries: vec![(None, Body::ClockIn { place: None })], seen: Heads::Now };
    let id = company.next_act();
    let half =
        ConsoleAct { id, ask: Some(open("WO-3", "c-1")), after: After::Now, heads: Heads::Now, write: Some(write) };
    assert_eq!(company.relay.act(&user("u-clerk"), half).unwrap_err().code.name(), "not_allowed");
    assert_eq!(rows(&company), after);
    company.verify();
}

#[test]
fn a_stale_form_is_told_so_and_a_fresh_one_settles_a_conflict() {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.ask("u-lead", assign("WO-1", "u-e1"));
    let mut phone = company.phone("d-e1");
    phone.sync();
    let (clerks, _) = company.write("u-clerk", order("WO-1"), vec![remark("from the office")]).written.unwrap();
    phone.log(&order("WO-1"), &[remark("from the site")]);
    phone.sync_admitted();
    let form = |seen| {
        let write =
            ConsoleWrite { header: order("WO-1"), entries: vec![(None, remark("agreed"))], seen: Heads::These(seen) };
        let act =
            ConsoleAct { id: company.next_act(), ask: None, after: After::Now, heads: Heads::Now, write: Some(write) };
        company.relay.act(&user("u-clerk"), act)
    };
    let told = form(vec![clerks]).unwrap_err();
    assert_eq!((told.code.name(), told.by.map(|(by, _)| by)), ("stale_form", Some(user("u-e1"))));
    // A form that doesn't say what it showed showed nothing.
    assert_eq!(form(vec![]).unwrap_err().code.name(), "stale_form");
    let conflicts = || {
        let mut found = 0;
        company
            .relay
            .facts(|facts| {
                facts.each_order(|order| {
                    found += order.fields["remark"].len();
                    Ok(())
                })
            })
            .unwrap();
        found
    };
    assert_eq!(conflicts(), 2);
    company.write("u-clerk", order("WO-1"), vec![remark("agreed")]);
    assert_eq!(conflicts(), 1);
    company.verify();
}
