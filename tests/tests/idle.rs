//! What a quiet sync costs, end to end: a real phone with 10, 1,000 and 10,000 pages of its own asks a real relay
//! whether there is anything new.

use outpost_model::command::Ask;
use outpost_tests::company::{Call, Company, Hand, MINUTE, device, user};
use outpost_tests::wire::{Mallory, words};

/// Orders of Wang's, brought by another phone of his, a thousand at a time.
fn fill(company: &Company, other: &mut Mallory, from: usize, to: usize) {
    for chunk in (from..to).collect::<Vec<_>>().chunks(1_000) {
        for n in chunk {
            let command = other.command(Call::new(&format!("WO-{n:05}"), "steel").open());
            other.push_command(command.canonical().unwrap());
        }
        // As many steps as a device may send.
        company.pass(MINUTE / 6);
        let request = other.request();
        let reply = company.relay().sync(&other.device, request).unwrap();
        assert!(words(&reply).iter().all(|word| word == "admitted"));
    }
}

/// Requests by path, bytes of both bodies each way, and what the relay's store did for them.
#[derive(Debug, PartialEq)]
struct Cost {
    paths: Vec<String>,
    bytes: Vec<(usize, usize)>,
    statements: u64,
    steps: u64,
}

fn cost(company: &Company, hand: &mut Hand) -> Cost {
    let (seen, before) = (hand.network.seen.len(), company.relay().store().work());
    let report = hand.sync();
    assert_eq!((report.tally.rows, report.tally.sent), (0, 0));
    let after = company.relay().store().work();
    let calls = &hand.network.seen[seen..];
    Cost {
        paths: calls.iter().map(|seen| seen.call.path.clone()).collect(),
        bytes: calls.iter().map(|seen| (seen.up, seen.down)).collect(),
        statements: after.statements - before.statements,
        steps: after.steps - before.steps,
    }
}

fn both_ways(cost: &Cost) -> usize {
    cost.bytes.iter().map(|(up, down)| up + down).sum()
}

#[test]
fn a_quiet_sync_costs_the_same_for_ten_pages_and_for_ten_thousand() {
    let company = Company::open();
    let mut hq = company.desk("hq");
    hq.ask(Ask::Enrol { device: device("d-wang-2"), user: user("wang") });
    let mut other = Mallory::of(user("wang"), device("d-wang-2"), &company.world);
    let mut wang = company.met("d-wang");
    // Numbers that grow by a digit would grow by a byte: they start where they keep their length.
    for _ in 0..300 {
        wang.sync();
    }
    fill(&company, &mut other, 20_000, 20_256);

    let (mut live, mut renewed, mut held) = (Vec::new(), Vec::new(), 0);
    for pages in [10, 1_000, 10_000] {
        fill(&company, &mut other, held, pages);
        held = pages;
        company.pass(MINUTE);
        wang.sync();
        assert_eq!(wang.device().orders().unwrap().len(), pages + 256);
        live.push(cost(&company, &mut wang));
        company.pass(16 * MINUTE);
        renewed.push(cost(&company, &mut wang));
    }
    println!("{live:#?} {renewed:#?}");
    for cost in &live {
        assert_eq!(cost.paths, ["/v1/sync"]);
        assert!(both_ways(cost) <= 600, "{cost:?}");
        assert!(both_ways(cost).abs_diff(both_ways(&live[0])) <= 2, "{cost:?}");
        assert_eq!((cost.statements, cost.steps), (live[0].statements, live[0].steps));
    }
    for cost in &renewed {
        // The relay says that the leave has run out, and what to sign for another; the sync is made again.
        assert_eq!(cost.paths, ["/v1/sync", "/v1/token", "/v1/sync"]);
        assert!(both_ways(cost).abs_diff(both_ways(&renewed[0])) <= 4, "{cost:?}");
        assert_eq!(cost.statements, renewed[0].statements);
    }
    company.verify();
}
